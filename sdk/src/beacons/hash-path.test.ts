import { expect, it } from "vitest";
import { hashPath } from "./hash-path.ts";

it.each([
  ["/", "/"],
  ["/app", "/app"],
  ["/app/", "/app/"],
  ["/#/users", "/users"],
  ["/#!/users", "/users"],
  ["/#users", "/users"],
  ["/app/#/users", "/app/users"],
  ["/app#/users/1", "/app/users/1"],
  ["/#/", "/"],
  ["/#", "/"],
  ["/?utm_source=x&q=1#/users", "/users?utm_source=x"],
])("makes %s the path %s", (address, path) => {
  history.replaceState({}, "", address);
  expect(hashPath()).toBe(`http://localhost:3000${path}`);
});

it.each(["/#/users?token=secret", "/#/users&token=secret", "/#access_token=secret", "/#/users?a#token=secret"])(
  "leaves out of %s what may be a secret",
  (address) => {
    history.replaceState({}, "", address);
    expect(hashPath()).not.toContain("secret");
  },
);
