/** How the emails look. */
export interface EmailBrand {
  /** `#rrggbb`, for the button and the links. @default '#1f5fbf' */
  color?: string;
  /** An image at an https address, shown above the text at a height of 40 pixels. @default the application's name */
  logoUrl?: string;
}

export const DEFAULT_COLOR = '#1f5fbf';

const HEX_COLOR = /^#[0-9a-f]{6}$/i;

export function isHexColor(text: string): boolean {
  return HEX_COLOR.test(text);
}

/** @returns black or white, whichever is read more easily on the color (WCAG 2.2, relative luminance) */
export function readableOn(color: string): '#000000' | '#ffffff' {
  const luminance = luminanceOf(color);
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? '#000000' : '#ffffff';
}

/** @returns the color, or a lighter one of the same hue that is read on a dark ground */
export function onDark(color: string): string {
  let channels = channelsOf(color);
  while (luminance(channels) < 0.3) channels = channels.map((channel) => Math.round(channel + (255 - channel) * 0.2));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function luminanceOf(color: string): number {
  return luminance(channelsOf(color));
}

function luminance(channels: number[]): number {
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channelsOf(color: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}
