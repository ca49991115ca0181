import type { SliceType } from './props';

export type Action =
    | { kind: 'step'; by: number }
    | { kind: 'layout'; sliceType: SliceType }
    | { kind: 'frame'; by: number }
    | { kind: 'zoom'; by: number }
    | { kind: 'reset' };

const ACTIONS: Record<string, Action> = {
    ArrowUp: { kind: 'step', by: 1 },
    ArrowRight: { kind: 'step', by: 1 },
    ArrowDown: { kind: 'step', by: -1 },
    ArrowLeft: { kind: 'step', by: -1 },
    PageUp: { kind: 'step', by: 10 },
    PageDown: { kind: 'step', by: -10 },
    '1': { kind: 'layout', sliceType: 'axial' },
    '2': { kind: 'layout', sliceType: 'coronal' },
    '3': { kind: 'layout', sliceType: 'sagittal' },
    '4': { kind: 'layout', sliceType: 'multiplanar' },
    '5': { kind: 'layout', sliceType: 'render' },
    ',': { kind: 'frame', by: -1 },
    '.': { kind: 'frame', by: 1 },
    '+': { kind: 'zoom', by: 1 },
    '-': { kind: 'zoom', by: -1 },
    r: { kind: 'reset' }
};

export const KEY_HELP =
    'Arrow keys or wheel: step through slices. 1 axial, 2 coronal, 3 sagittal, 4 all three, 5 in 3D. ' +
    'Plus and minus: zoom. Comma and full stop: frames. R: reset.';

/** What a key does; null leaves it to the page, as every shortcut with a modifier. */
export function actionOf(event: KeyboardEvent): Action | null {
    if (event.ctrlKey || event.metaKey || event.altKey) return null;
    return ACTIONS[event.key] ?? ACTIONS[event.key.toLowerCase()] ?? null;
}
