import { fill } from "./texts.js";

fill(document);
document.getElementById("wrong").hidden = !location.search.includes("wrong");
