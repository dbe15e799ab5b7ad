/// The picture that follows the pointer while a file is dragged out of the window.

/// A small sheet of paper with the name of the format, as a PNG in a `data:` address.
export function dragIcon(label: string): string {
  const canvas = document.createElement('canvas');
  canvas.width = 64;
  canvas.height = 80;
  const pen = canvas.getContext('2d');
  if (pen === null) return canvas.toDataURL('image/png');
  pen.fillStyle = '#ffffff';
  pen.strokeStyle = '#8b8e9b';
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(2, 2);
  pen.lineTo(44, 2);
  pen.lineTo(62, 20);
  pen.lineTo(62, 78);
  pen.lineTo(2, 78);
  pen.closePath();
  pen.fill();
  pen.stroke();
  pen.fillStyle = '#1a1b21';
  pen.font = '600 14px sans-serif';
  pen.textAlign = 'center';
  pen.fillText(label, 32, 52, 56);
  return canvas.toDataURL('image/png');
}
