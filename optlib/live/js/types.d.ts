/* Types of the scripts' records, for `tsc --checkJs`; names are those of the Python side. */

type Numbers = Record<string, number>;
type Scale = "linear" | "log" | "decay";
type Traced = (environment: Numbers) => number;
type SurfaceFunction = (p: Numbers, x: number[], gradient: number[]) => number;
type RuleFunction = (hp: Numbers, g: number, state: Numbers, t: number, x: number) => number;

// What Python gives -------------------------------------------------------------------------------

interface ControlSpec {
  name: string; label: string; low: number; high: number; scale: Scale; ticks: number;
  value: number; switch: boolean;
}
interface AxisSpec { scale: Scale; a: number; b: number; low: number; high: number }
interface QuantitySpec { run: number | null; label: string; key: string; names: string[] }
interface ArrowSpec { label: string; colour: string; tail: string; head: string }
interface GoalSpec { text: string; at: "first" | "end"; key: string; only: string[] }
/** A panel's data: `kind` and axes, and what its kind needs besides. */
interface PanelSpec {
  kind: string; x: AxisSpec; y: AxisSpec; surface: number | null; title: string;
  [more: string]: any;
}
interface SurfaceSpec {
  name: string; domain: [number, number][]; key: string | null; parameters: Numbers;
}
interface RuleSpec {
  label: string; key: string | null; parameters: Numbers; state: Numbers; colour: string;
}
interface Spec {
  id: string; formerly: string[]; steps: number; first: Values; states: Record<string, Values>;
  diverged: number; noise: { sigma: number; seed: number } | null; gradients: boolean;
  computed: boolean; switched: string[];
  surfaces: SurfaceSpec[]; runs: RuleSpec[]; controls: ControlSpec[];
  derived: Record<string, string>; goal: GoalSpec | null; panels: PanelSpec[];
  functions?: Record<string, string>;
}
/** What a reader can move: dials by name, and these. */
interface Values {
  start: number[]; step: number; shown: string[]; hidden?: string[]; surface?: string;
  gradients?: number[]; [dial: string]: any;
}

// What is computed --------------------------------------------------------------------------------

interface Run {
  x: Float64Array[]; f: Float64Array; g: Float64Array[]; dx: Float64Array[];
  state: Record<string, Float64Array[]>; divergedAt: number;
}
interface Surface extends SurfaceSpec { run: SurfaceFunction | null }
interface Rule extends RuleSpec { update: RuleFunction | null }
/** One rule at one setting of the dials; `key` tells whether its environment is another one. */
interface RuleShot {
  label: string; hp: Numbers; run: Run; environment: Numbers; key: string; shown: boolean;
  depends: string;
}
/** A figure at one setting of its dials: the one record that a draw starts from. */
interface Shot {
  values: Values; step: number; hidden: Set<string>; surface: Surface; surfaceIndex: number;
  p: Numbers; surfaceKey: string; rules: RuleShot[]; runs: Record<string, Run>;
}
interface Model {
  spec: Spec; surfaces: Surface[]; rules: Rule[]; compile: (key: string) => Function;
  surfaceKey(values: Values): string;
  shot(values: Values, before?: Shot | null, given?: Record<string, Run> | null): Shot;
}

// What is drawn -----------------------------------------------------------------------------------

interface Axis {
  low: number; high: number; scale: Scale; at(value: number): number; back(u: number): number;
  nudge(value: number, share: number): number; holds(value: number): boolean;
}
interface Frame { left: number; right: number; top: number; bottom: number }
interface Panel {
  svg: SVGSVGElement; spec: PanelSpec; x: Axis; y: Axis; frame: Frame; layer: SVGElement;
  front: SVGElement; line(gid: string): SVGElement | null;
}
type Drawer = (shot: Shot) => void;
type PanelMaker = (panel: Panel, live: Live) => Drawer;

/** The widget's model in a notebook. */
interface Kernel {
  get(name: string): any; set(name: string, value: any): void; save_changes(): void;
  on(event: string, act: () => void): void; off(event: string, act: () => void): void;
}
interface Live {
  root: HTMLElement; spec: Spec; model: Model; kernel: Kernel | null; values: Values;
  shot: Shot | null; drawers: Drawer[]; notes: ((shot: Shot) => (string | null)[])[];
  alive: boolean; states: string[];
  find<E extends Element = HTMLElement>(selector: string): E;
  all<E extends Element = HTMLElement>(selector: string): E[];
  listen(target: EventTarget, type: string, act: (event: any) => void,
    options?: AddEventListenerOptions): void;
  atEnd(act: () => void): void;
  height(x: number[]): number;
  compile(key: string): Traced;
  draw(): void;
  set(values: Partial<Values>): void;
  change(values: Partial<Values>): void;
  show(state: string): void;
  tell(): void;
  get(): { values: Values; runs: Record<string, { x: number[][]; f: number[] }> };
  dispose(): void;
}
interface LiveRoot extends HTMLElement { live?: Live }
declare var Live: any;
declare var LiveFunctions: Record<string, Function> | undefined;
