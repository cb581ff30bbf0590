import { folderDataset } from '../folder/folder-dataset.js';
import { listTinyImagenet } from './list.js';

/** The published folder; its labelled `val` half is the test set. Classes and files are sorted by name. */
export const tinyImagenet = folderDataset({
  wanted: 'the folder tiny-imagenet-200, which holds wnids.txt',
  list: listTinyImagenet,
});
