import {
  DefaultRenderer,
  Listr,
  ListrLogger,
  type ListrTaskObject,
  ListrTaskState,
  ProcessOutput,
} from 'listr2';

import type { Event } from '../core/events.js';
import type { Renderer } from './renderer.js';
import { type Row, type RowState, StageRows } from './stage-rows.js';

/** listr2 asks whether stdout is a terminal; ours draws on stderr, and `chooseRenderer` has asked that already. */
class StderrRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

type ListrRow = ListrTaskObject<unknown, typeof StderrRenderer, typeof StderrRenderer>;

const states: Record<RowState, ListrTaskState> = {
  waiting: ListrTaskState.WAITING,
  running: ListrTaskState.STARTED,
  done: ListrTaskState.COMPLETED,
  failed: ListrTaskState.FAILED,
};

/** A row a stage on the terminal, moving. Rows follow the events: listr2 draws them and runs nothing itself. */
export class ListrRenderer implements Renderer {
  private readonly model = new StageRows();
  private readonly rows = new Map<string, ListrRow>();
  private readonly list: Listr<unknown, typeof StderrRenderer, typeof StderrRenderer>;
  private readonly drawing: Promise<unknown>;
  private readonly timer: NodeJS.Timeout;
  private finish!: () => void;
  private isDrawing = false;

  constructor(private readonly stderr: NodeJS.WriteStream) {
    const processOutput = new ProcessOutput(stderr, stderr, { dump: ['stderr'], leaveEmptyLine: false });
    const untilEnd = new Promise<void>((resolve) => (this.finish = resolve));
    const draw = (): Promise<void> => {
      this.isDrawing = true; // rows that stood in the list before now would be run like tasks
      this.draw();
      return untilEnd;
    };
    // The one task that listr2 runs has no title, so that it is not seen, and keeps it drawing until the end.
    this.list = new Listr<unknown, typeof StderrRenderer, typeof StderrRenderer>([{ task: draw }], {
      renderer: StderrRenderer,
      fallbackRenderer: StderrRenderer,
      registerSignalListeners: false, // Ctrl-C is the command's business
      exitOnError: false,
      rendererOptions: {
        logger: new ListrLogger({ processOutput }),
        collapseErrors: false,
        formatOutput: 'truncate',
      },
    });
    this.drawing = this.list.run();
    this.timer = setInterval(() => this.draw(), 200);
  }

  show(event: Event): void {
    this.model.update(event); // drawn with the next tick: a thousand hits come at once
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    this.draw();
    this.finish();
    await this.drawing;
    for (const warning of this.model.warnings) this.stderr.write(`${warning}\n`);
  }

  private draw(): void {
    if (this.isDrawing) for (const row of this.model.rows(Date.now())) this.place(row);
  }

  private place({ name, state, title, details }: Row): void {
    let row = this.rows.get(name);
    if (!row) {
      // Without persistent output listr2 forgets a finished row's output, and fails at the next.
      this.list.add({
        title,
        task: () => undefined,
        rendererOptions: { outputBar: 1, persistentOutput: true },
      });
      row = this.list.tasks.at(-1)!;
      this.rows.set(name, row);
      void row.check({}); // rows are drawn once they are known to be enabled
    }
    if (row.title !== title) row.title$ = title;
    if (row.state !== states[state]) row.state$ = states[state];
    const output = details.join('\n');
    if (row.output !== output) row.output$ = output;
  }
}
