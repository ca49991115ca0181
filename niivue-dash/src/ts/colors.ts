export type Rgb = [number, number, number];

/** 0 to 1 a channel; what is not "#rgb" or "#rrggbb" gives the fallback. */
export function parseColor(text: string | undefined, fallback: Rgb): Rgb {
    const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text ?? '');
    const digits = short ? short.slice(1).map((digit) => digit + digit).join('') : (text ?? '').slice(1);
    if (!/^[0-9a-f]{6}$/i.test(digits)) return fallback;
    return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16) / 255) as Rgb;
}

/** Black or white, whichever is read better on the colour (relative luminance, WCAG 2). */
export function inkOn(color: Rgb): Rgb {
    const [r, g, b] = color.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? [0, 0, 0] : [0.8, 0.8, 0.8];
}
