/** Ctrl-C, SIGTERM and a closed terminal as an AbortSignal. The second one ends the process at once. */
export class Cancellation {
  private readonly controller = new AbortController();
  private readonly onSignal = (): void => {
    // Workers see that their parent is gone and end too; the store is whole at every moment.
    if (this.controller.signal.aborted) process.exit(130);
    this.controller.abort();
  };

  constructor() {
    for (const name of signals) process.on(name, this.onSignal);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Gives the signals back to Node. */
  release(): void {
    for (const name of signals) process.off(name, this.onSignal);
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
