// The worker in which recurrence is worked out, so that no rule, however odd, holds up the page.
import { requestToAnswer } from "./answering";
import type { Request } from "./protocol";

addEventListener("message", ({ data }: MessageEvent<Request>) => postMessage(requestToAnswer(data)));
