export type Rgb = [number, number, number];

/** 0 to 1 a channel; what is not "#rgb" or "#rrggbb" gives the fallback. */
export function parseColor(text: string | undefined, fallback: Rgb): Rgb {
    const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text ?? '');
    const digits = short ? short.slice(1).map((digit) => digit + digit).join('') : (text ?? '').slice(1);
    if (!/^[0-9a-f]{6}$/i.test(digits)) return fallback;
    return [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16) / 255) as Rgb;
}

/** What letters are read in: on a light page some stand on the page, others on a black image. */
export function inkOn([r, g, b]: Rgb): Rgb {
    return 0.3 * r + 0.59 * g + 0.11 * b > 0.3 ? [0.46, 0.46, 0.46] : [0.8, 0.8, 0.8];
}
