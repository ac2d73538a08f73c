/** Who depends on whom. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** The first cycle that is found, as a walk that ends where it began. */
export function findCycle(graph: Graph): string[] | undefined {
  const done = new Set<string>();
  const walk: string[] = [];
  const visit = (node: string): string[] | undefined => {
    if (walk.includes(node)) return [...walk.slice(walk.indexOf(node)), node];
    if (done.has(node)) return undefined;
    walk.push(node);
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    walk.pop();
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node);
    if (cycle) return cycle;
  }
  return undefined;
}

/** Everything that can be reached from some nodes, themselves included. */
export function reachable(graph: Graph, from: readonly string[]): Set<string> {
  const reached = new Set(from);
  for (const node of reached) for (const next of graph.get(node) ?? []) reached.add(next);
  return reached;
}

/** The same graph with its nodes put together under another name. */
export function grouped(graph: Graph, groupOf: (node: string) => string): Graph {
  const groups = new Map<string, Set<string>>();
  for (const [node, targets] of graph) {
    const group = groups.get(groupOf(node)) ?? new Set();
    for (const target of targets) if (groupOf(target) !== groupOf(node)) group.add(groupOf(target));
    groups.set(groupOf(node), group);
  }
  return new Map([...groups].map(([group, targets]) => [group, [...targets]]));
}
