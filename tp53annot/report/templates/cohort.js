(function () {
  "use strict";
  var table = document.getElementById("list"), body = table.tBodies[0], heads = table.tHead.rows[0].cells;
  var search = document.getElementById("search"), wanted = [], all = body.rows.length;
  function each(list, act) { Array.prototype.forEach.call(list, act); }
  function make(name, parent) { return parent.appendChild(document.createElement(name)); }
  function shown(cell) {  // not innerText, which lays the page out anew after each change of it
    var text = cell.textContent;
    if (cell.querySelector("br")) {
      var copy = cell.cloneNode(true);
      each(copy.querySelectorAll("br"), function (end) { end.replaceWith("\n"); });
      text = copy.textContent;
    }
    return text.replace(/\u00a0/g, " ").replace(/\s*\n\s*/g, "; ").trim();
  }
  function key(row, column) {
    var cell = row.cells[column], value = cell.getAttribute("data-v");
    if (value === null) return cell.textContent.toLowerCase();
    return value === "" ? -1 : parseFloat(value);
  }
  function number(text) {
    var found = /^(<=|>=|<|>|=|≤|≥)?\s*(\d+(?:[.,]\d+)?)\s*%?$/.exec(text.trim());
    if (!found) return null;
    var sign = found[1] || ">=", limit = parseFloat(found[2].replace(",", "."));
    return function (cell) {
      var value = parseFloat(cell.textContent);
      if (isNaN(value)) return false;
      if (sign === "<") return value < limit;
      if (sign === ">") return value > limit;
      if (sign === "=") return value === limit;
      return sign === "<=" || sign === "≤" ? value <= limit : value >= limit;
    };
  }
  function part(text) {
    var lower = text.toLowerCase();
    return function (cell) { return cell.textContent.toLowerCase().indexOf(lower) >= 0; };
  }
  function same(text) { return function (cell) { return shown(cell) === text; }; }
  function apply() {
    var left = 0, any = wanted.whole;
    each(body.rows, function (row) {
      var kept = !any || any(row);
      wanted.forEach(function (fits, column) { kept = kept && (!fits || fits(row.cells[column])); });
      row.hidden = !kept;
      left += kept ? 1 : 0;
    });
    count.textContent = count.getAttribute("data-text").replace("{n}", left).replace("{all}", all);
  }
  each(heads, function (head, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () {
      var up = head.getAttribute("aria-sort") !== "ascending", rows = Array.prototype.slice.call(body.rows);
      var pairs = rows.map(function (row) { return [key(row, column), row]; });
      pairs.sort(function (a, b) { return (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0) * (up ? 1 : -1); });
      each(heads, function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      pairs.forEach(function (pair) { body.appendChild(pair[1]); });
    });
  });
  var filters = table.tHead.insertRow();
  filters.className = "filters";
  each(heads, function (head, column) {
    var kind = head.getAttribute("data-f"), field = make(kind === "choice" ? "select" : "input", make("td", filters));
    field.setAttribute("aria-label", search.getAttribute("data-column").replace("{name}", head.textContent));
    if (kind === "choice") {
      var values = {};
      each(body.rows, function (row) { values[shown(row.cells[column])] = true; });
      make("option", field);
      Object.keys(values).sort().forEach(function (value) {
        if (value) make("option", field).textContent = value;
      });
    } else if (kind === "number") field.placeholder = "≥";
    field.addEventListener("input", function () {
      var text = field.value, fits = kind === "choice" ? same : kind === "number" ? number : part;
      wanted[column] = text ? fits(text) : null;
      field.setAttribute("aria-invalid", Boolean(text && !wanted[column]));
      apply();
    });
  });
  search.querySelector("input").addEventListener("input", function (event) {
    var text = event.target.value;
    wanted.whole = text ? part(text) : null;
    apply();
  });
  var count = search.querySelector("output"), save = make("button", search);
  save.type = "button";
  save.textContent = search.getAttribute("data-download");
  save.addEventListener("click", function () {
    var lines = [];
    each([table.tHead.rows[0]].concat(Array.prototype.slice.call(body.rows)), function (row) {
      if (!row.hidden) lines.push(Array.prototype.map.call(row.cells, function (cell) {
        var text = shown(cell).replace(/[\t\r\n]+/g, " ");
        return /^[=@]|^[+-](?!$)(?!\d*\.?\d+$)/.test(text) ? "'" + text : text;
      }).join("\t"));
    });
    var link = document.createElement("a"), text = lines.join("\n") + "\n";
    link.href = URL.createObjectURL(new Blob([text], { type: "text/tab-separated-values" }));
    link.download = "cohort-shown.tsv";
    link.click();
  });
  search.hidden = false;
  apply();
})();
