// SPDX-License-Identifier: Apache-2.0
/** A place in the roster: row of a person, column of a day, both from nought. */
export interface Place {
  row: number;
  col: number;
}

/** A rectangle of places, ends included. */
export interface Area {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

export const areaOf = (one: Place, other: Place): Area => ({
  top: Math.min(one.row, other.row),
  left: Math.min(one.col, other.col),
  bottom: Math.max(one.row, other.row),
  right: Math.max(one.col, other.col),
});

export const within = (area: Area, place: Place): boolean =>
  place.row >= area.top && place.row <= area.bottom && place.col >= area.left && place.col <= area.right;

export const places = (area: Area): Place[] => {
  const found: Place[] = [];
  for (let row = area.top; row <= area.bottom; row++)
    for (let col = area.left; col <= area.right; col++) found.push({ row, col });
  return found;
};

/** The place after a step, kept inside `rows` × `cols`. */
export const stepped = (from: Place, down: number, right: number, rows: number, cols: number): Place => ({
  row: Math.min(rows - 1, Math.max(0, from.row + down)),
  col: Math.min(cols - 1, Math.max(0, from.col + right)),
});

/** Lines with tabs, as spreadsheets put them on the clipboard. */
export const linesOf = (texts: string[][]): string => texts.map((row) => row.join("\t")).join("\n");

export const tableOf = (text: string): string[][] =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => line.split("\t").map((cell) => cell.trim()));

/** What is pasted where: from the corner of the area on; a smaller table is repeated over a larger area. */
export function pasted(
  table: string[][],
  area: Area,
  rows: number,
  cols: number,
): Array<Place & { text: string }> {
  const high = table.length;
  const wide = Math.max(...table.map((row) => row.length));
  const tall = area.bottom - area.top + 1;
  const broad = area.right - area.left + 1;
  const down = tall > high && tall % high === 0 ? tall : high;
  const across = broad > wide && broad % wide === 0 ? broad : wide;
  const found: Array<Place & { text: string }> = [];
  for (let row = 0; row < down && area.top + row < rows; row++)
    for (let col = 0; col < across && area.left + col < cols; col++)
      found.push({ row: area.top + row, col: area.left + col, text: table[row % high][col % wide] ?? "" });
  return found;
}

/** The first row of the area written down over the others (or its first column to the right). */
export function filled(
  area: Area,
  text: (place: Place) => string,
  down: boolean,
): Array<Place & { text: string }> {
  return places(area)
    .filter((place) => (down ? place.row > area.top : place.col > area.left))
    .map((place) => ({
      ...place,
      text: text(down ? { row: area.top, col: place.col } : { row: place.row, col: area.left }),
    }));
}
