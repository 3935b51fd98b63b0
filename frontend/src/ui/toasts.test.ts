// Messages: few at a time, none twice.
import { beforeEach, expect, it } from "vitest";
import { dismissToast, toast, useToasts } from "./toasts";

const texts = () => useToasts.getState().toasts.map((one) => one.text);

beforeEach(() => useToasts.setState({ toasts: [] }));

it("the oldest of four makes room", () => {
  for (const text of ["a", "b", "c", "d"]) toast(text);
  expect(texts()).toEqual(["b", "c", "d"]);
});

it("the same words are shown once, at the end", () => {
  for (const text of ["a", "b", "a"]) toast(text);
  expect(texts()).toEqual(["b", "a"]);
});

it("a message is dismissed by its id alone", () => {
  const first = toast("a");
  toast("b");
  dismissToast(first);
  expect(texts()).toEqual(["b"]);
});
