// Says in the page, not in the console, that a security key did not answer.
document.addEventListener("allauth.error", (event) => {
  const fault = document.querySelector("#key-fault");
  if (!fault) return;
  event.preventDefault();
  fault.hidden = false;
});
