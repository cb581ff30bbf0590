import { buildReport, reportHtml, timesCsv, timesFromCsv, writeResults } from '../../src/report/index.js';
import { readableJson } from '../../src/report/readable-json.js';
import { figureFiles, timesFigureFiles } from '../../src/report/figures/index.js';
import { figureData } from '../golden/report/figure-data.js';
import { reportSources } from '../golden/report/report-sources.js';
import { few, quick, sample } from '../golden/report/sample.js';

/**
 * Writes a folder of results like that of a run, of a made-up experiment.
 * @param config text of its `resolved.yaml`
 */
export async function writeMadeUpResults(dir: string, config: string): Promise<void> {
  const input = sample({
    environments: quick,
    behaviours: few,
    repeats: 1,
    images: 20,
    classes: 3,
    isTrained: true,
  });
  const data = figureData(input);
  const csv = timesCsv(input.subject.network, input.times);
  const made = await reportSources(input, data);
  const sources = { ...made, times: timesFromCsv(csv), config };
  const files = {
    ...buildReport(input).files,
    ...(await figureFiles(data)),
    ...(await timesFigureFiles(input.subject.network, input.times)),
    'times.csv': csv,
    'manifest.json': readableJson(sources.manifest),
    'resolved.yaml': config,
    'report.html': reportHtml(sources),
  };
  await writeResults(dir, files, (text) => text);
}
