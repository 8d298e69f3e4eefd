import { box, type Picture } from './panel-picture.js';

/** Two dots for each pixel, so that it is sharp on paper. */
const scale = 2;

/** Draws the picture and gives it as a PNG; rejects where the browser cannot. */
export async function pngOf(picture: Picture): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(picture.width * scale);
  canvas.height = Math.ceil(picture.height * scale);
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('This browser draws no pictures.');
  pen.scale(scale, scale);
  pen.fillStyle = picture.ground;
  pen.fillRect(0, 0, picture.width, picture.height);
  pen.lineWidth = 1.5;
  for (const stroke of picture.strokes) {
    if (stroke.kind === 'box') {
      pen.strokeStyle = stroke.colour;
      pen.strokeRect(stroke.x + 1, stroke.y + 1, box - 2, box - 2);
      continue;
    }
    pen.fillStyle = stroke.colour;
    pen.font = `${stroke.size}px system-ui, 'DejaVu Sans', sans-serif`;
    pen.textAlign = stroke.centred ? 'center' : 'left';
    pen.fillText(stroke.text, stroke.x, stroke.y);
  }
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error('The picture could not be made.')) : resolve(blob))),
  );
}

/** Hands a file to the reader. */
export function saveAs(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
