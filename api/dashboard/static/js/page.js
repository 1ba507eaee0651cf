// What every page gets where scripts run. Pages say all they have to say without them.

// A form of days is sent when a day is chosen; what is blank stays out of the address.
for (const form of document.querySelectorAll("form.bar")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) field.disabled = field.name !== "" && field.value === "";
    setTimeout(() => { for (const field of form.elements) field.disabled = false; });
  });
}

// `#recognition` opens the reasons of that row.
function reveal() {
  const place = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const reasons = place && place.querySelector("details.why");
  if (reasons) reasons.open = true;
}
addEventListener("hashchange", reveal);
reveal();
