import type { Field } from './outlines';

/**
 * The fragment shader of a slice, in place of NiiVue's. It differs in two things: lines of a width
 * in pixels around masks, and nothing outside the scanned volume, where a texture repeats its border.
 */
export function sliceShader(fields: Field[], pixelRatio: number): string {
    const lines = fields.map(({ mask, color, width }) => {
        const rgb = color.map((channel) => channel.toFixed(4)).join(', ');
        return `    drawLine(here, ${mask}u, ${(width * pixelRatio).toFixed(2)}, vec3(${rgb}), right, up);`;
    });
    return `#version 300 es
precision highp int;
precision highp float;
uniform highp sampler3D volume;
uniform highp sampler3D overlay;
uniform highp sampler3D drawing;
uniform float overlays;
uniform float opacity;
in vec3 texPos;
out vec4 color;

uint marksAt(vec3 at) {
    return uint(texture(drawing, at).r * 255.0 + 0.5);
}

void drawLine(uint here, uint mask, float width, vec3 rgb, vec3 right, vec3 up) {
    if ((here & mask) == 0u) return;
    for (int i = 0; i < 8; i++) {
        float turn = float(i) * 0.7853982;
        vec3 there = texPos + width * (cos(turn) * right + sin(turn) * up);
        if (((marksAt(there) ^ here) & mask) != 0u) {
            color = vec4(rgb, 1.0);
            return;
        }
    }
}

void main() {
    vec3 right = dFdx(texPos);
    vec3 up = dFdy(texPos);
    color = vec4(0.0);
    if (any(lessThan(texPos, vec3(0.0))) || any(greaterThan(texPos, vec3(1.0)))) return;
    color = vec4(texture(volume, texPos).rgb, opacity);
    vec4 above = overlays > 0.0 ? texture(overlay, texPos) : vec4(0.0);
    float alpha = color.a + above.a * (1.0 - color.a);
    if (alpha > 0.0) color = vec4(mix(color.rgb, above.rgb, above.a / alpha), alpha);
    uint here = marksAt(texPos);
${lines.join('\n')}
}`;
}
