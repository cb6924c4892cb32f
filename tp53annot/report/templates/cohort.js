(function () {
  "use strict";
  var table = document.getElementById("list"), body = table.tBodies[0];
  function key(row, column) {
    var cell = row.cells[column], value = cell.getAttribute("data-v");
    if (value === null) return cell.textContent.toLowerCase();
    return value === "" ? -1 : parseFloat(value);
  }
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () {
      var up = head.getAttribute("aria-sort") !== "ascending", rows = Array.prototype.slice.call(body.rows);
      var pairs = rows.map(function (row) { return [key(row, column), row]; });
      pairs.sort(function (a, b) { return (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0) * (up ? 1 : -1); });
      Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      pairs.forEach(function (pair) { body.appendChild(pair[1]); });
    });
  });
  var search = document.getElementById("search");
  search.hidden = false;
  search.querySelector("input").addEventListener("input", function (event) {
    var wanted = event.target.value.toLowerCase();
    Array.prototype.forEach.call(body.rows, function (row) {
      row.hidden = wanted !== "" && row.textContent.toLowerCase().indexOf(wanted) < 0;
    });
  });
})();
