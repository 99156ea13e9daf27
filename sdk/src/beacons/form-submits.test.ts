import { afterEach, beforeEach, expect, it } from "vitest";
import { spyClient } from "../../test/spy-client.ts";
import { formSubmits } from "./form-submits.ts";
import { taggedEvents } from "./tagged-events.ts";

let client: ReturnType<typeof spyClient>;
let stops: (() => void)[];

beforeEach(() => {
  client = spyClient();
  stops = [formSubmits()(client), taggedEvents()(client)];
});
afterEach(() => {
  for (const stop of stops) stop();
});

/** Has the browser say that the page's form is submitted, as it does for one that is valid. */
function submit(html: string): void {
  document.body.innerHTML = html;
  const form = document.querySelector("form");
  form?.addEventListener("submit", (event) => event.preventDefault());
  form?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
}

it("tracks a form by its id and name, and nothing that is in it", () => {
  submit('<form id="newsletter" name="footer" action="/join?token=1"><input name="email" value="a@b.example"></form>');
  expect(client.tracked()).toEqual([["form_submit", { id: "newsletter", name: "footer" }]]);
});

it("reads the form's own attributes where fields have their names", () => {
  submit('<form id="login"><input name="id" value="secret"><input name="name" value="secret"></form>');
  expect(client.tracked()).toEqual([["form_submit", { id: "login", name: null }]]);
});

it("tracks a form that is tagged as its event alone", () => {
  submit('<form id="x" data-tallymark-event="signup" data-tallymark-plan="pro"><button>Go</button></form>');
  expect(client.tracked()).toEqual([["signup", { plan: "pro" }]]);
});

it("does not take a click inside a tagged form for its submission", () => {
  document.body.innerHTML = '<form data-tallymark-event="signup"><p>Words</p></form>';
  document.querySelector("p")?.click();
  expect(client.track).not.toHaveBeenCalled();
});

it("tracks nothing inside an element that is to be ignored, and nothing after stop", () => {
  submit("<div data-tallymark-ignore><form></form></div>");
  for (const stop of stops.splice(0)) stop();
  submit("<form></form>");
  expect(client.track).not.toHaveBeenCalled();
});

it("does not break a page whose form has a field called matches", () => {
  expect(() => submit('<form><input name="matches"><input name="getAttribute"></form>')).not.toThrow();
});
