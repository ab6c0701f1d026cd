/** A rectangle on a canvas: left, top, right, bottom. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** Something with a name, at a place of a canvas. */
export interface NamedPoint {
  x: number;
  y: number;
  width: number;
  /** Whether its name stands below and to the left rather than above and to the right. */
  below: boolean;
}

const height = 13;
const gap = 8;

/** Where a name may stand around its point, the best place first. */
function candidates({ x, y, width, below }: NamedPoint): Box[] {
  const at = (left: number, top: number): Box => [left, top, left + width, top + height];
  const belowLeft = [
    at(x - width - gap, y + 3),
    at(x - width - gap, y - height / 2),
    at(x - width / 2, y + 7),
    at(x - width - gap, y + 12),
    at(x - width - gap - 4, y - height - 2),
  ];
  const aboveRight = [
    at(x + gap, y - height),
    at(x + gap, y - height / 2),
    at(x + gap, y - height - 8),
    at(x - width / 2, y - height - 6),
    at(x + gap, y + 3),
  ];
  return below ? [...belowLeft, ...aboveRight] : aboveRight;
}

function overlaps(a: Box, b: Box): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

/**
 * Places names so that none touches another, a point, or the border of `area`. Those given first choose first; one without room
 * gets none.
 */
export function placeLabels(points: readonly NamedPoint[], area: Box): (Box | undefined)[] {
  const dots = points.map(({ x, y }): Box => [x - 4, y - 4, x + 4, y + 4]);
  const taken: Box[] = [];
  return points.map((point) => {
    const place = candidates(point).find(
      (box) =>
        box[0] >= area[0] &&
        box[1] >= area[1] &&
        box[2] <= area[2] &&
        box[3] <= area[3] &&
        ![...taken, ...dots].some((other) => overlaps(box, other)),
    );
    if (place) taken.push([place[0] - 3, place[1], place[2] + 3, place[3]]);
    return place;
  });
}
