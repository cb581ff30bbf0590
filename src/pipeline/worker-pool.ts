import { StageWorker } from './worker.js';

/** A worker that holds more than this after a stage is replaced: native memory comes back with the process only. */
const defaultLimitBytes = 0.9 * 2 ** 30;

/** Workers with an engine are kept apart, so that others do not carry TensorFlow's memory along. */
export type WorkerKind = 'engine' | 'plain';

/** Workers that are reused from stage to stage. */
export class WorkerPool {
  private readonly idle: { readonly kind: WorkerKind; readonly worker: StageWorker }[] = [];
  private readonly all = new Set<StageWorker>();

  constructor(
    private readonly entry: URL,
    private readonly rssLimitBytes = defaultLimitBytes,
  ) {}

  take(kind: WorkerKind): StageWorker {
    const at = this.idle.findIndex((each) => each.kind === kind && each.worker.isUsable);
    if (at >= 0) return this.idle.splice(at, 1)[0]!.worker;
    const worker = new StageWorker(this.entry);
    this.all.add(worker);
    return worker;
  }

  give(kind: WorkerKind, worker: StageWorker): void {
    if (worker.isUsable && worker.rssBytes <= this.rssLimitBytes) this.idle.push({ kind, worker });
    else worker.release();
  }

  /** Ends all workers and waits until they are gone. */
  async close(): Promise<void> {
    for (const worker of this.all) worker.release();
    const timer = setTimeout(() => this.all.forEach((worker) => worker.kill()), 2_000);
    await Promise.all([...this.all].map((worker) => worker.gone()));
    clearTimeout(timer);
  }
}
