/** So many questions are one statement. */
const mostTogether = 64;
/** Statements at once: the next is made up while Postgres answers one, and what it answered before is told. */
const mostUnderWay = 2;

interface Waiting<Q, A> {
  readonly question: Q;
  readonly resolve: (answer: A | PromiseLike<A>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks questions that come at the same time, or while others are being asked, as one. Who comes alone is not kept waiting.
 * Where many are asked at once, most of what a statement costs is what every statement costs, on both sides of the socket.
 *
 * @param ask - answers each question, in their order
 */
export function askTogether<Q, A>(
  ask: (questions: readonly Q[]) => Promise<readonly A[]>,
): (question: Q) => Promise<A> {
  const waiting: Waiting<Q, A>[] = [];
  let underWay = 0;
  let scheduled = false;

  function schedule(): void {
    if (scheduled || waiting.length === 0 || underWay === mostUnderWay) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      underWay += 1;
      settle(waiting.splice(0, mostTogether)).finally(() => {
        underWay -= 1;
        schedule();
      });
      schedule();
    });
  }

  async function settle(asked: readonly Waiting<Q, A>[]): Promise<void> {
    try {
      const answers = await ask(asked.map(({ question }) => question));
      for (const [n, { resolve }] of asked.entries()) resolve(answers[n]!);
    } catch (error) {
      if (asked.length === 1) asked[0]!.reject(error);
      // One of them may be at fault, and is to fail alone.
      else for (const { question, resolve } of asked) resolve(ask([question]).then(([answer]) => answer!));
    }
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      schedule();
    });
}
