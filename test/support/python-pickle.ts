/** A text as Python 2 pickled it: one character a byte. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  if (bytes.length < 256) return Buffer.concat([Buffer.from(['U'.charCodeAt(0), bytes.length]), bytes]);
  const head = Buffer.from('T....');
  head.writeInt32LE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** `BININT2`, a whole number of two bytes. */
function short(value: number): Buffer {
  return Buffer.from(['M'.charCodeAt(0), value & 255, value >> 8]);
}

/**
 * A batch of cifar-10-python.tar.gz as cPickle of Python 2 wrote it (protocol 2): a dict with the name of the batch,
 * labels, an array of bytes and names of files, memo and all.
 * @param records of the binary form, 3073 bytes each
 */
export function pickledBatch(records: Uint8Array): Buffer {
  const n = records.length / 3073;
  const rows = Buffer.concat(
    Array.from({ length: n }, (_, i) => records.subarray(i * 3073 + 1, (i + 1) * 3073)),
  );
  const labels = Array.from({ length: n }, (_, i) => Buffer.from(['K'.charCodeAt(0), records[i * 3073]!]));
  const names = Array.from({ length: n }, (_, i) => text(`image_s_${i}.png`));
  const ascii = (value: string): Buffer => Buffer.from(value, 'latin1');
  return Buffer.concat([
    ascii('\x80\x02}q\x01('),
    ...[text('batch_label'), ascii('q\x02'), text('training batch 1 of 5'), ascii('q\x03')],
    ...[text('labels'), ascii('q\x04]q\x05('), ...labels, ascii('e')],
    ...[
      text('data'),
      ascii('q\x06cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08K\x00\x85q\t'),
    ],
    ...[
      text('b'),
      ascii('q\n\x87q\x0bRq\x0c(K\x01'),
      short(n),
      short(3072),
      ascii('\x86q\rcnumpy\ndtype\nq\x0e'),
    ],
    ...[text('u1'), ascii('q\x0fK\x00K\x01\x87q\x10Rq\x11(K\x03'), text('|')],
    ascii('q\x12NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tq\x13b\x89'),
    ...[text(rows.toString('latin1')), ascii('q\x14tq\x15b')],
    ...[text('filenames'), ascii('q\x16]q\x17('), ...names, ascii('eu.')],
  ]);
}
