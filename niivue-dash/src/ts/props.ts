/** A colour scale: the colour at each index from 0 to 255, straight lines between. */
export interface Colormap {
    /** Red at each index, 0 to 255. */
    R: number[];
    /** Green at each index, 0 to 255. */
    G: number[];
    /** Blue at each index, 0 to 255. */
    B: number[];
    /** Alpha at each index, 0 to 255; without it, opaque but for the first. */
    A?: number[];
    /** The indices, rising from 0 to 255; without them, evenly spaced. */
    I?: number[];
}

/** The colour and name of each label of a volume that holds integer labels. */
export interface ColormapLabel {
    /** Red of each label, 0 to 255. */
    R: number[];
    /** Green of each label, 0 to 255. */
    G: number[];
    /** Blue of each label, 0 to 255. */
    B: number[];
    /** Alpha of each label, 0 to 255; without it, opaque but for label 0. */
    A?: number[];
    /** The label values; without them, 0, 1, 2 and so on. */
    I?: number[];
    /** The name of each label. */
    labels?: string[];
}

/** One image: the first in `volumes` is the background, the others lie over it. */
export interface Volume {
    /** Names the volume in the outputs; unique in the viewer. */
    id: string;
    /** Where the NIfTI file (.nii or .nii.gz, whatever the URL ends in) is fetched from, once. */
    url: string;
    /** What messages call the volume; the id by default. */
    name?: string;
    /** A built-in colour scale of NiiVue, or one of `colormaps`. "gray" by default. */
    colormap?: string;
    /** 0 to 1. */
    opacity?: number;
    /** The value drawn in the first colour. By default NiiVue's 2nd percentile. */
    cal_min?: number;
    /** The value drawn in the last colour. By default NiiVue's 98th percentile. */
    cal_max?: number;
    /** The colour scale for values below zero; without it they are not drawn. */
    colormap_negative?: string;
    /** The frame shown of a 4D volume, from 0. */
    frame?: number;
    /** Colours and names of labels; takes the place of `colormap`. */
    colormap_label?: ColormapLabel;
    /** False hides the volume; its values are still read. */
    visible?: boolean;
    /** Whether its scale is among the colour bars. */
    colorbar?: boolean;
    /** Width in pixels of a line around the mask, or around each label; 0 for none. */
    outline?: number;
    /** The line's colour, "#rrggbb"; "#ff0000" by default. */
    outline_color?: string;
    /** The line encloses the voxels above this value; 0 by default. */
    outline_above?: number;
}

/** What a volume holds at the crosshair. */
export interface LocationValue {
    /** The volume's id. */
    id: string;
    /** The value, scaled as the header says; null outside the volume and where it is not a number. */
    value?: number;
    /** The label's name, where the volume has labels. */
    label?: string;
}

/** Where the crosshair is. */
export interface Location {
    /** World coordinates in mm: right, anterior and superior are positive. */
    mm: number[];
    /** The voxel of the first volume, counted from 0 along the file's own axes. */
    voxel: number[];
    /** One entry a volume, in the order of `volumes`. */
    values: LocationValue[];
}

/** A volume that could not be shown. */
export interface Failure {
    /** The volume's id. */
    id: string;
    /** Why, in one sentence. */
    reason: string;
}

/** How far the viewer is. */
export interface Status {
    /** "error" means that at least one volume failed; the others show. */
    state: 'loading' | 'ready' | 'error' | 'no-webgl';
    /** Volumes that arrived. */
    loaded: number;
    /** Volumes asked for. */
    total: number;
    /** A sentence for a person. */
    message: string;
    /** The volumes that failed. */
    failed: Failure[];
}

/** Every frame of the first 4D volume at the crosshair. */
export interface Curve {
    /** The volume's id. */
    id: string;
    /** World coordinates in mm. */
    mm: number[];
    /** The voxel, along the file's own axes. */
    voxel: number[];
    /** One value a frame; null where it is not a number. */
    values: number[];
}

/** The window of a volume after a person dragged it. */
export interface Window {
    /** The volume's id. */
    id: string;
    /** The value drawn in the first colour. */
    cal_min: number;
    /** The value drawn in the last colour. */
    cal_max: number;
}

export type SliceType = 'axial' | 'coronal' | 'sagittal' | 'multiplanar' | 'render';

/** What a page may ask of a viewer. */
export interface Inputs {
    /** The volumes, background first. Those whose `id` and `url` stay are not fetched again. */
    volumes?: Volume[];
    /** Colour scales by name, beside NiiVue's own. */
    colormaps?: { [name: string]: Colormap };
    /** What is shown. The keys 1 to 5 set it. */
    slice_type?: SliceType;
    /** How the three planes of "multiplanar" lie. */
    layout?: 'auto' | 'column' | 'grid' | 'row';
    /** Whether "multiplanar" also has the 3D view. */
    show_render?: 'never' | 'auto' | 'always';
    /** A mosaic in NiiVue's terms, such as "A -20 0 20"; empty for none. The keys 1 to 5 clear it. */
    mosaic?: string;
    /** Moves the crosshair there, in mm; to the same place as often as a callback gives it. */
    crosshair_mm?: number[];
    /** Whether the crosshair is drawn. */
    show_crosshair?: boolean;
    /** The crosshair's colour, "#rrggbb". */
    crosshair_color?: string;
    /** True puts the patient's left on the right of the picture, as radiologists do. */
    radiological?: boolean;
    /** False shows voxels as blocks. */
    interpolate?: boolean;
    /** Whether colour bars are drawn. */
    colorbar?: boolean;
    /** True leaves a tilted scan tilted, as it lies in the world; false straightens its axes. */
    world_space?: boolean;
    /** What dragging with the right button does; the left moves the crosshair, Shift and left pans. */
    drag_mode?: 'windowing' | 'pan' | 'contrast' | 'measurement' | 'angle' | 'slicer3D' | 'none';
    /** The colour behind the images, "#rrggbb". */
    background?: string;
    /** Viewers of one name share crosshair, zoom, pan, rotation and keyed layouts. Empty for none. */
    sync_group?: string;
    /** A sentence that says what the picture shows, for those who can't see it. */
    alt?: string;
    /** Count this up to get a `snapshot`. */
    snapshot_request?: number;
}

/** What a viewer tells a page. */
export interface Outputs {
    /** Where the crosshair is: at most five times a second, and on release. */
    location?: Location;
    /** How far the viewer is. */
    status?: Status;
    /** The frame shown of the first 4D volume. */
    frame?: number;
    /** Every frame of the first 4D volume at the crosshair, on release. */
    curve?: Curve;
    /** The window of the first volume, after it was dragged. */
    window?: Window;
    /** What is seen, as the data URL of a PNG. */
    snapshot?: string;
}
