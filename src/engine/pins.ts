/** What an engine is made of, to the byte: every wheel is checked against its SHA-256. */
export const pins = {
  tfjs: '4.22.0',
  nodeApiHeaders: '1.9.0',
  tensorflow: '2.21.0',
  napi: 8,
} as const;

export type Build = 'cpu' | 'cuda';

export interface Wheel {
  readonly name: string;
  readonly version: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

function wheel(name: string, version: string, sizeBytes: number, sha256: string): Wheel {
  return { name, version, sizeBytes, sha256 };
}

const cpu: readonly Wheel[] = [
  wheel(
    'tensorflow-cpu',
    pins.tensorflow,
    273_829_956,
    '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  ),
];

/** TensorFlow for CUDA with the libraries that its extra `and-cuda` names, the newest of the allowed ranges. */
const cuda: readonly Wheel[] = [
  wheel(
    'tensorflow',
    pins.tensorflow,
    572_440_367,
    '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
  ),
  wheel(
    'nvidia-cublas-cu12',
    '12.9.3.13',
    581_217_458,
    'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
  ),
  wheel(
    'nvidia-cuda-cupti-cu12',
    '12.8.90',
    10_248_621,
    'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182',
  ),
  wheel(
    'nvidia-cuda-nvcc-cu12',
    '12.9.86',
    40_546_229,
    '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0',
  ),
  wheel(
    'nvidia-cuda-nvrtc-cu12',
    '12.9.86',
    89_568_129,
    '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
  ),
  wheel(
    'nvidia-cuda-runtime-cu12',
    '12.9.79',
    3_493_179,
    '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
  ),
  wheel(
    'nvidia-cudnn-cu12',
    '9.28.0.42',
    716_538_495,
    '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
  ),
  wheel(
    'nvidia-cufft-cu12',
    '11.4.1.4',
    200_877_592,
    'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
  ),
  wheel(
    'nvidia-curand-cu12',
    '10.3.10.19',
    68_295_626,
    '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
  ),
  wheel(
    'nvidia-cusolver-cu12',
    '11.7.5.82',
    338_117_415,
    '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
  ),
  wheel(
    'nvidia-cusparse-cu12',
    '12.5.10.65',
    366_465_088,
    '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
  ),
  wheel(
    'nvidia-nccl-cu12',
    '2.32.3',
    351_526_311,
    'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
  ),
  wheel(
    'nvidia-nvjitlink-cu12',
    '12.9.86',
    39_748_338,
    'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
  ),
];

/** By build; the first of each holds TensorFlow itself. */
export const wheels: Readonly<Record<Build, readonly Wheel[]>> = { cpu, cuda };

/** Wheel platforms that the pinned wheels are of; all run on glibc 2.27 and later. */
export const wheelPlatforms = [
  'manylinux_2_27_x86_64',
  'manylinux_2_17_x86_64',
  'manylinux2014_x86_64',
  'manylinux2010_x86_64',
  'manylinux_2_12_x86_64',
] as const;

/** The oldest NVIDIA driver that runs CUDA 12 libraries. */
export const minimalDriver = '525.60.13';

/** Bytes to download for an engine, without tf.js itself. */
export function sizeOf(build: Build): number {
  return wheels[build].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** "274 MB", "3.4 GB" */
export function describeBytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
