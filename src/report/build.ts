import { InternalError } from '../core/errors.js';
import { Rng } from '../core/rng.js';
import { bootstrapAccuracies } from './accuracy.js';
import { checkEvaluations } from './check-evaluations.js';
import type { Environment, Evaluation, GateReport, Method, SearchReport } from './evaluation.js';
import { scopesOf, type Scope } from './scopes.js';
import { accuracyRows, type AccuracyRow } from './tables/accuracy.js';
import { comparisonRows, type ComparisonRow } from './tables/comparisons.js';
import { parametersRows, type ParametersRow } from './tables/parameters.js';
import { samplesRows, type SamplesRow } from './tables/samples.js';
import { classRows, severityRows, type SubgroupRow } from './tables/subgroups.js';

/** Everything that a report is made of, except times. */
export interface ReportInput {
  readonly subject: Subject;
  /** Seed of the experiment: the bootstrap draws from its stream `report`. */
  readonly seed: number;
  readonly environments: readonly Environment[];
  /** In the order of the tables. */
  readonly methods: readonly Method[];
  /** Names in the order of the labels. */
  readonly classes: readonly string[];
  readonly evaluations: readonly Evaluation[];
  readonly gates: readonly GateReport[];
  readonly searches: readonly SearchReport[];
}

/** What was repaired. */
export interface Subject {
  /** Name of the experiment. */
  readonly name: string;
  /** With "(SYNTHETIC images)" where that is so: it stands in a column of every CSV file. */
  readonly network: string;
  readonly dataset: string;
  /**
   * Where the noisy images come from; figures of different origins do not compare. Unpaired ones are imported and are
   * other pictures than the clean test images.
   */
  readonly noiseOrigin: 'generated' | 'imported' | 'unpaired';
  /** The data set is drawings in the form of a published one, and its figures tell nothing of that. */
  readonly isSynthetic?: boolean;
}

/** A search without its candidates, which are in `search.json`. */
export type SearchSummary = Omit<SearchReport, 'candidates'> & { readonly candidateCount: number };

/**
 * The rows of all tables, as plain values that survive JSON. Accuracies, rates and shares are fractions of 1.
 * Nothing here is a time: the same predictions give the same bytes.
 */
export interface ReportTables {
  readonly subject: Subject;
  readonly environments: readonly Environment[];
  readonly methods: readonly Method[];
  readonly scopes: readonly Scope[];
  readonly repeats: number;
  readonly resamples: number;
  readonly accuracy: readonly AccuracyRow[];
  readonly comparisons: readonly ComparisonRow[];
  readonly samples: readonly SamplesRow[];
  readonly parameters: readonly ParametersRow[];
  readonly gate: readonly GateReport[];
  readonly search: readonly SearchSummary[];
  readonly severity: readonly SubgroupRow[];
  readonly classes: readonly SubgroupRow[];
}

const resamples = 1000;

/**
 * Makes all tables. Numbers are rounded to 10 significant digits, so that the order of additions never shows.
 * @throws {InternalError} PN140 to PN144 where the input is inconsistent
 */
export function buildTables(input: ReportInput): ReportTables {
  const { subject, environments, methods, classes, evaluations, gates, searches } = input;
  checkNames(input);
  checkEvaluations(evaluations);
  const scopes = scopesOf(environments);
  const accuracies = bootstrapAccuracies(evaluations, new Rng(input.seed, 'report/bootstrap'), resamples);
  const run = new Set(evaluations.map(({ method, environment }) => `${method}/${environment}`));
  const isTrained = (scope: Scope): boolean | undefined => {
    const found = searches.filter((search) => scope.environments.includes(search.environment));
    return found.length === 0 ? undefined : found.every((search) => search.trained);
  };
  return rounded({
    subject,
    environments,
    methods,
    scopes,
    repeats: new Set(evaluations.map((evaluation) => evaluation.repeat)).size,
    resamples,
    accuracy: accuracyRows(evaluations, accuracies, methods, scopes, isTrained),
    comparisons: comparisonRows(
      accuracies,
      methods,
      scopes,
      (method, environment) => run.has(`${method}/${environment}`),
      isTrained,
    ),
    samples: samplesRows(evaluations, methods, scopes),
    parameters: parametersRows(evaluations, methods, scopes, isTrained),
    gate: gates,
    search: searches.map(({ candidates, ...search }) => ({ ...search, candidateCount: candidates.length })),
    severity: severityRows(evaluations, methods, scopes, isTrained),
    classes: classRows(evaluations, methods, scopes, isTrained, classes),
  });
}

function checkNames({ environments, methods, evaluations }: ReportInput): void {
  for (const { method, environment } of evaluations) {
    const isKnown =
      methods.some(({ name }) => name === method) && environments.some(({ name }) => name === environment);
    if (isKnown) continue;
    throw new InternalError('an evaluation of a method or environment that the report was not told of', {
      code: 'PN144',
      where: `evaluation of ${method} in ${environment}`,
    });
  }
}

/** The value with every number in it rounded to 10 significant digits. */
export function rounded<T>(value: T): T;
export function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(10));
  if (Array.isArray(value)) return value.map((item: unknown) => rounded(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rounded(item) as unknown]));
}
