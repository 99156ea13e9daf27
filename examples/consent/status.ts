/** Says what the visitor's last click means. */
const MEANING: Readonly<Record<string, string>> = {
  accept: "Thank you: your visit is counted, with what has happened on this page so far.",
  refuse: "Nothing is counted, and nothing is left on your device.",
  forget: "Nothing is left on your device, and the collector has been asked to erase you.",
  "sign-up": "Signed up. It is counted if you have agreed, or once you agree.",
};

const status = document.querySelector("[role=status]");
document.addEventListener("click", ({ target }) => {
  const meaning = target instanceof HTMLButtonElement && MEANING[target.id];
  if (status && meaning) status.textContent = meaning;
});

export {};
