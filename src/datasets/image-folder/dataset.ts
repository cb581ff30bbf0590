import { folderDataset } from '../folder/folder-dataset.js';
import { listImageFolder } from './list.js';

/** `ROOT/{train,test}/CLASS/*.{png,jpg,jpeg}`, classes and files sorted by name. */
export const imageFolder = folderDataset({
  wanted: 'the folder that holds train/CLASS/*.png and test/CLASS/*.png (or .jpg, .jpeg)',
  list: listImageFolder,
});
