/* What is selected in the text of a comment becomes a passage to take out. */
"use strict";

(() => {
  const button = document.getElementById("take-selection");
  const field = document.getElementById("passages");
  if (!button || !field) return;
  button.hidden = false;
  button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
  button.addEventListener("click", () => {
    const lines = String(getSelection()).split("\n").map((line) => line.trim()).filter(Boolean);
    if (lines.length > 0) field.value = [field.value.trim(), ...lines].filter(Boolean).join("\n");
    field.focus();
  });
})();
