/// Places of what is drawn: modules in layers, and bars of time.
import type { Module, ModuleImport, Month } from '../../api/bindings';

/// Pixels.
export const box = { width: 136, height: 40, across: 16, down: 48 };
/// Boxes beside each other in a page.
const perRow = 6;

export interface Box {
  module: Module;
  x: number;
  y: number;
}

export interface Arrow {
  from: Box;
  to: Box;
  count: number;
  /// Against the order of the layers: the two need each other, maybe over others.
  back: boolean;
}

export interface Picture {
  boxes: Box[];
  arrows: Arrow[];
  width: number;
  height: number;
}

/// Who imports stands above what is imported. Circles are cut where a walk from the top closes them; modules
/// that nothing ties to another stand last.
export function layered(modules: Module[], imports: ModuleImport[]): Picture {
  const names = new Set(modules.map((module) => module.name));
  const edges = imports.filter((one) => names.has(one.from) && names.has(one.to));
  const out = new Map<string, ModuleImport[]>();
  const into = new Map<string, number>();
  for (const edge of edges) {
    out.set(edge.from, [...(out.get(edge.from) ?? []), edge]);
    into.set(edge.to, (into.get(edge.to) ?? 0) + 1);
  }
  const back = new Set<ModuleImport>();
  const finished: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const walk = (name: string) => {
    state.set(name, 'open');
    for (const edge of out.get(name) ?? []) {
      const seen = state.get(edge.to);
      if (seen === 'open') back.add(edge);
      else if (seen === undefined) walk(edge.to);
    }
    state.set(name, 'done');
    finished.push(name);
  };
  // Modules that nobody imports first; among the others those with the most lines.
  const order = [...modules].sort((a, b) => (into.get(a.name) ?? 0) - (into.get(b.name) ?? 0) || b.lines - a.lines);
  for (const module of order) if (!state.has(module.name)) walk(module.name);

  const rank = new Map<string, number>(modules.map((module) => [module.name, 0]));
  for (const name of finished.reverse()) {
    for (const edge of out.get(name) ?? []) {
      if (!back.has(edge)) rank.set(edge.to, Math.max(rank.get(edge.to) ?? 0, (rank.get(name) ?? 0) + 1));
    }
  }
  const tied = new Set(edges.flatMap((edge) => [edge.from, edge.to]));
  const last = Math.max(-1, ...modules.filter((module) => tied.has(module.name)).map((module) => rank.get(module.name) ?? 0)) + 1;
  const layers: Module[][] = [];
  for (const module of modules) {
    const at = tied.has(module.name) ? (rank.get(module.name) ?? 0) : last;
    (layers[at] ??= []).push(module);
  }
  return placed(layers.filter((layer) => layer !== undefined), edges, back);
}

function placed(layers: Module[][], edges: ModuleImport[], back: Set<ModuleImport>): Picture {
  const boxes = new Map<string, Box>();
  const width = perRow * (box.width + box.across) - box.across;
  let y = 0;
  for (const layer of layers) {
    // Below the middle of who imports them, so that fewer arrows cross.
    const middle = (module: Module) => {
      const above = edges.filter((edge) => edge.to === module.name).flatMap((edge) => boxes.get(edge.from) ?? []);
      return above.length === 0 ? width / 2 : above.reduce((sum, one) => sum + one.x, 0) / above.length;
    };
    const sorted = layer.map((module) => ({ module, at: middle(module) })).sort((a, b) => a.at - b.at);
    for (let start = 0; start < sorted.length; start += perRow) {
      const row = sorted.slice(start, start + perRow);
      const left = (width - row.length * (box.width + box.across) + box.across) / 2;
      row.forEach(({ module }, i) => boxes.set(module.name, { module, x: left + i * (box.width + box.across), y }));
      y += box.height + box.down;
    }
  }
  const arrows = edges.flatMap((edge) => {
    const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
    return from && to ? [{ from, to, count: edge.count, back: back.has(edge) }] : [];
  });
  return { boxes: [...boxes.values()], arrows, width, height: Math.max(0, y - box.down) };
}

/// The line of an arrow, from edge to edge of its boxes.
export function line({ from, to }: Arrow): string {
  const [x1, x2] = [from.x + box.width / 2, to.x + box.width / 2];
  const down = to.y > from.y;
  const y1 = from.y + (down ? box.height : 0);
  const y2 = to.y + (down ? 0 : box.height);
  const bend = down ? (y2 - y1) / 2 : -box.down / 2;
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
}

export interface Bar {
  /// `2026-03` or `2026`.
  label: string;
  commits: number;
  mine: number;
}

/// Months from which on years are shown.
const long = 96;
/// Bars that fit; a clock that was wrong by centuries must not make thousands.
const most = 160;

/// Every month between the first and the last, or every year where that is long.
export function bars(months: Month[]): Bar[] {
  const [first, last] = [months[0], months[months.length - 1]];
  if (first === undefined || last === undefined) return [];
  const number = (label: string) => Number(label.slice(0, 4)) * 12 + Number(label.slice(5, 7)) - 1;
  const byYear = number(last.month) - number(first.month) >= long;
  const label = (n: number) =>
    byYear ? String(n).padStart(4, '0') : `${String(Math.floor(n / 12)).padStart(4, '0')}-${String((n % 12) + 1).padStart(2, '0')}`;
  const at = (month: string) => (byYear ? Math.floor(number(month) / 12) : number(month));
  const sums = new Map<number, Bar>();
  for (const { month, commits, mine } of months) {
    const sum = sums.get(at(month)) ?? { label: label(at(month)), commits: 0, mine: 0 };
    sums.set(at(month), { ...sum, commits: sum.commits + commits, mine: sum.mine + mine });
  }
  const [begin, end] = [at(first.month), at(last.month)];
  if (end - begin >= most) return [...sums.values()];
  return Array.from({ length: end - begin + 1 }, (_, i) => sums.get(begin + i) ?? { label: label(begin + i), commits: 0, mine: 0 });
}

/// A part of a whole in words: `0 %`, `under 1 %`, `42 %`; nothing of nothing is nothing.
export function share(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '0 %';
  const percent = Math.round((part / whole) * 100);
  return percent === 0 ? 'under 1 %' : percent === 100 && part < whole ? 'over 99 %' : `${percent} %`;
}
