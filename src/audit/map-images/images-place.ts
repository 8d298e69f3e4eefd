/** The name of the directory of the images in a data directory. */
export const imagesDirectory = 'map-images';

/** Where images of the map may stand, and who is told when they cannot be believed. */
export interface ImagesPlace {
  readonly directory: string;
  readonly onUnusable?: (error: unknown) => void;
}
