// Writes web/static: styles from USWDS and our own layer, subset fonts, and the vendored script. The same input gives the same bytes.
import fs from "node:fs";
import path from "node:path";
import * as sass from "sass";
import subset from "subset-font";

const out = "../static/files";
const uswds = "node_modules/@uswds/uswds";
fs.rmSync(out, { recursive: true, force: true });
for (const folder of ["", "img", "fonts"]) fs.mkdirSync(path.join(out, folder), { recursive: true });

const options = { loadPaths: [`${uswds}/packages`], style: "compressed", logger: sass.Logger.silent };
const parts = sass.compile("uswds.scss", options).css
  .replace(/@font-face\{[^}]*\}/g, "") // ours are subsets, in workbench.scss
  .replace(/^\uFEFF/, "");
const own = sass.compile("workbench.scss", options).css.replace(/^\uFEFF/, "");
let css = (parts + own).replaceAll(/background-image:url\(""\);?/g, "");

// Each picture that the styles name lies beside them, under its own name.
css = css.replace(/url\("?(img\/[^")]+)"?\)/g, (_, from) => {
  const to = "img/" + from.slice(4).replaceAll("/", "-");
  fs.copyFileSync(path.join(uswds, "dist", from), path.join(out, to));
  return `url(${to})`;
});
fs.writeFileSync(path.join(out, "app.css"), css + "\n");

// Latin-1 and the signs of good typography: enough for English, Spanish and most names. Other scripts use the reader's own fonts.
const signs = "–—‘’“”•…€™←→✓ŒœŠšŽžŸ";
const letters = Array.from({ length: 0xff - 0x20 + 1 }, (_, i) => String.fromCodePoint(0x20 + i)).join("") + signs;
for (const weight of ["Regular", "SemiBold"]) {
  const font = fs.readFileSync(`${uswds}/dist/fonts/public-sans/PublicSans-${weight}.woff2`);
  fs.writeFileSync(path.join(out, "fonts", `public-sans-${weight.toLowerCase()}.woff2`), await subset(font, letters, { targetFormat: "woff2" }));
}

fs.copyFileSync("node_modules/htmx.org/dist/htmx.min.js", path.join(out, "htmx.js"));
fs.copyFileSync("workbench.js", path.join(out, "workbench.js"));
fs.copyFileSync("icon.svg", path.join(out, "img", "icon.svg"));

const texts = { "PublicSans-OFL.txt": "public-sans-OFL.txt", "USWDS.md": `${uswds}/LICENSE.md`, "htmx.txt": "node_modules/htmx.org/LICENSE" };
fs.mkdirSync("../static/LICENSES", { recursive: true });
for (const [name, from] of Object.entries(texts)) fs.copyFileSync(from, path.join("../static/LICENSES", name));
