// What every page gets where scripts run. Pages say all they have to say without them.

// What is blank, or as it is anyway, stays out of the address of what a form shows.
for (const form of document.querySelectorAll("form.bar")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) field.disabled = field.name !== "" && ["", field.dataset.default].includes(field.value);
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

// Tables that sort by a click on a head. `data-by` is what a cell sorts by where its text is not.
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      heads.forEach((other) => other.setAttribute("aria-sort", other === head ? (up ? "ascending" : "descending") : "none"));
      const value = (row) => row.cells[column].dataset.by ?? row.cells[column].textContent.trim();
      const compare = (a, b) => {
        const [one, other] = [value(a), value(b)];
        const numbers = one !== "" && other !== "" && !Number.isNaN(Number(one)) && !Number.isNaN(Number(other));
        return numbers ? Number(one) - Number(other) : one.localeCompare(other);
      };
      table.tBodies[0].append(...[...table.tBodies[0].rows].sort((a, b) => compare(a, b) * (up ? 1 : -1)));
    });
  });
}

// A form that takes a while says so, and is not sent twice.
for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button");
    button.textContent = form.dataset.busy;
    setTimeout(() => { button.disabled = true; });
  });
}
