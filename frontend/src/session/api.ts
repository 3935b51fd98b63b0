// The typed client of the signed-in person. Beside the session, not in it: Today does without it.
import { createApi } from "../api/client";
import { accessToken } from "./session";

export const api = createApi(accessToken);
