import { expect, test } from 'vitest';

import { timeRows, timesCsv, timesFromCsv } from '../../../../src/report/index.js';

const time = (
  task: string,
  wallSeconds: number,
  isSideBySide = false,
): { task: string; stage: string; wallSeconds: number; isSideBySide: boolean } => ({
  task,
  stage: task.split('/')[0]!,
  wallSeconds,
  isSideBySide,
});

test('repair is gate, models and training; probe and search are prepared in advance', () => {
  const times = [
    time('pretrain', 1000),
    time('probe', 20),
    time('localize/fog/r0', 1.5),
    time('gate/fog/r0', 2),
    time('search/fog/r0', 60),
    time('train/fog/r0', 4, true),
    time('baseline/finetune/fog/r0', 300),
    time('observe/train', 2),
    time('environment-gate/fog/r0', 3),
    time('environment-model/fog/r0', 2),
    time('add-on/environment-patch/fog/r0', 40),
    time('evaluate/patchnas/fog/r0', 7),
  ];
  const place = { environment: 'fog', repeat: 0 };
  const rows = timeRows(times, [
    {
      ...place,
      method: 'patchnas',
      tasks: [
        'pretrain',
        'probe',
        'localize/fog/r0',
        'gate/fog/r0',
        'search/fog/r0',
        'train/fog/r0',
        'evaluate/patchnas/fog/r0',
      ],
    },
    {
      ...place,
      method: 'environment-patch',
      tasks: [
        'observe/train',
        'environment-gate/fog/r0',
        'environment-model/fog/r0',
        'add-on/environment-patch/fog/r0',
      ],
    },
    { ...place, method: 'finetune', tasks: ['pretrain', 'baseline/finetune/fog/r0'] },
    { ...place, method: 'original', tasks: ['pretrain'] },
  ]);
  expect(timesCsv('allconvnet', rows)).toBe(
    [
      'network,method,environment,repeat,repair_seconds,prepared_in_advance_seconds,localize_seconds,gate_seconds,' +
        'stage-choice_seconds,train_seconds,baseline_seconds,environment-gate_seconds,' +
        'environment-model_seconds,add-on_seconds,probe_seconds,search_seconds,ran_side_by_side',
      'allconvnet,patchnas,fog,0,7.500,80.000,1.500,2.000,,4.000,,,,,20.000,60.000,yes',
      'allconvnet,environment-patch,fog,0,45.000,0.000,,,,,,3.000,2.000,40.000,,,no',
      'allconvnet,finetune,fog,0,300.000,0.000,,,,,300.000,,,,,,no',
      'allconvnet,original,fog,0,0.000,0.000,,,,,,,,,,,no',
      '',
    ].join('\n'),
  );
});

test('the rows come back from their CSV file', () => {
  const row = { environment: 'fog', repeat: 1, repairSeconds: 1.5, preparedSeconds: 80, isSideBySide: true };
  const rows = [
    { ...row, method: 'patchnas', stages: { gate: 1.5, probe: 20, search: 60 } },
    { ...row, method: 'original', stages: {}, repairSeconds: 0, preparedSeconds: 0, isSideBySide: false },
  ];
  expect(timesFromCsv(timesCsv('allconvnet', rows))).toEqual(rows);
  expect(timesFromCsv(timesCsv('allconvnet', []))).toEqual([]);
});
