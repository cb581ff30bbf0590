import { readFile, writeFile } from 'node:fs/promises';

import { Rng } from '../core/rng.js';
import { defineStage } from '../pipeline/stage.js';
import {
  buildReport,
  figureFiles,
  gateFigureData,
  gateReport,
  type ChosenPatch,
  type Environment,
  type Evaluation,
  type FisherSummary,
  type GateReport,
  type ReportFiles,
  type ReportTables,
  type RocCurve,
  type SampleImage,
  type SearchReport,
} from '../report/index.js';
import type { SigmaSetting } from '../repair/sigma.js';
import { environmentLook } from './environment-looks.js';
import { readClean, readEvaluation, readGate, readSamples, readSearch } from './report-inputs.js';
import { sampleImages } from './sample-images.js';
import { trainingCurves } from './training-curves.js';

/** The roles of this stage's inputs are the ids of the tasks that produce them. */
export type ReportParams = {
  readonly seed: number;
  readonly subject: {
    readonly name: string;
    readonly network: string;
    readonly dataset: string;
    readonly noiseOrigin: 'generated' | 'imported' | 'unpaired';
    readonly isSynthetic?: boolean;
  };
  readonly environments: readonly Environment[];
  readonly methods: readonly {
    readonly name: string;
    readonly summary: string;
    readonly isControl: boolean;
    readonly usesSearch: boolean;
    readonly note?: string;
    readonly isBound?: boolean;
  }[];
  readonly repeats: number;
  readonly stages: readonly string[];
  readonly sigma: SigmaSetting;
  /** The variant of some method's patch, whose training resolved sigma; null where no method has gate and search. */
  readonly patch: string | null;
  /** The tasks that trained something. */
  readonly trained: readonly string[];
  /** The tasks whose environment models are shown; left out where there are none. */
  readonly models?: readonly string[];
};

/** What `report.json` says. */
export interface ReportRecord {
  readonly tables: ReportTables;
  readonly files: ReportFiles;
}

/** Turns all answers into tables and figures. Arithmetic only: the same answers give the same bytes. */
export const report = defineStage<ReportParams>({
  name: 'report',
  summary: 'the tables and figures, from all answers',
  version: 3,
  outputs: ['report.json'],
  engine: false,
  random: false,
  run: async (context) => {
    const { params, input, output, emit } = context;
    const { environments, methods, repeats, seed, subject } = params;
    const { classes } = JSON.parse(await readFile(input('dataset', 'dataset.json'), 'utf8')) as {
      classes: string[];
    };
    const clean = await readClean(context);
    const evaluations: Evaluation[] = [];
    const gates: GateReport[] = [];
    const searches: SearchReport[] = [];
    const roc: RocCurve[] = [];
    const fisher: FisherSummary[] = [];
    const patches: ChosenPatch[] = [];
    const images: SampleImage[] = [];
    const shown = methods.find((method) => !method.isControl)?.name;
    const total = environments.length * repeats;
    let done = 0;
    for (const { name, noises } of environments) {
      for (let repeat = 0; repeat < repeats; repeat++) {
        const samples = await readSamples(context, name, repeat, clean);
        for (const { name: method } of methods) {
          const evaluation = await readEvaluation(context, method, samples);
          evaluations.push(evaluation);
          if (method !== shown || repeat > 0) continue;
          const rng = new Rng(seed, `report/samples/${name}`);
          images.push(...(await sampleImages(context, { noises, evaluation, classes, rng, ...samples })));
        }
        if (params.patch !== null) {
          const scores = await readGate(context, samples);
          const curves = gateFigureData(scores);
          gates.push(gateReport(scores));
          roc.push(...curves.roc);
          fisher.push(...curves.fisher);
          const { search, patch } = await readSearch(context, samples);
          searches.push(search);
          patches.push(patch);
        }
        emit({ type: 'progress', done: ++done, total, unit: 'environments' });
      }
    }
    const { tables, files } = buildReport({
      subject,
      seed,
      environments,
      methods,
      classes,
      evaluations,
      gates,
      searches,
    });
    const training = await trainingCurves(context, params.trained);
    const looks = await Promise.all((params.models ?? []).map((task) => environmentLook(context, task)));
    const figures = await figureFiles({ tables, searches, roc, fisher, patches, training, images, looks });
    const record: ReportRecord = { tables, files: { ...files, ...figures } };
    await writeFile(output('report.json'), `${JSON.stringify(record)}\n`);
  },
});
