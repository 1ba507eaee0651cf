// The map as a picture and the table as a file, made in the browser.

const DRAWN = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "vector-effect"];

export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// What a spreadsheet would run as a formula is kept from it by an apostrophe, as in the API's CSV.
export function tableAsCsv(table) {
  const lines = [...table.rows].map((row) => [...row.cells].map((cell) => field(cell.textContent.trim().replace(/\s+/g, " "))));
  return lines.map((line) => `${line.join(",")}\r\n`).join("");
}

function field(text) {
  const safe = /^[=+\-@＝＋－＠]/.test(text) && !/^-?[\d.,]+$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

// Styles live in a sheet that a saved picture does not have: they are copied into it as attributes.
export function picture(svg, title, day, kind, name) {
  const copy = svg.cloneNode(true);
  const from = svg.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((element, n) => {
    const style = getComputedStyle(from[n]);
    for (const property of DRAWN) {
      const value = style.getPropertyValue(property);
      if (value && value !== "none" && element instanceof SVGGraphicsElement) element.setAttribute(property, value.replace(/url\(".*#(.*)"\)/, "url(#$1)"));
    }
    if (style.getPropertyValue("fill") === "none") element.setAttribute("fill", "none");
    element.removeAttribute("class");
  });
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const space = "http://www.w3.org/2000/svg";
  copy.setAttribute("xmlns", space);
  copy.setAttribute("viewBox", `0 -40 ${width} ${height + 64}`);
  copy.setAttribute("width", String(width * 2));
  copy.setAttribute("height", String((height + 64) * 2));
  const page = getComputedStyle(document.body);
  const back = document.createElementNS(space, "rect");
  for (const [key, value] of Object.entries({ x: 0, y: -40, width, height: height + 64, fill: page.backgroundColor })) back.setAttribute(key, String(value));
  copy.prepend(back);
  const text = (words, y, size) => {
    const line = document.createElementNS(space, "text");
    for (const [key, value] of Object.entries({ x: 16, y, fill: page.color, "font-size": size, "font-family": "sans-serif" })) line.setAttribute(key, String(value));
    line.textContent = words;
    copy.append(line);
  };
  text(`${title} (${day})`, -14, 18);
  text("Entente. Borders state no opinion on the status of any territory. Map: Natural Earth.", height + 16, 10);
  const file = new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
  if (kind === "svg") save(file, `${name}.svg`); else asPng(file, width * 2, (height + 64) * 2, name);
}

function asPng(file, width, height, name) {
  const image = new Image();
  const address = URL.createObjectURL(file);
  image.addEventListener("load", () => {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d").drawImage(image, 0, 0, width, height);
    URL.revokeObjectURL(address);
    canvas.toBlob((blob) => save(blob, `${name}.png`), "image/png");
  });
  image.src = address;
}
