/** Fetches a file once and unpacks it, so that it can be checked before it is read. */
export async function fetchImage(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
    const bytes = await download(url, signal);
    if (bytes.byteLength === 0) throw new Error('the file is empty');
    const image = isGzip(bytes) ? await unpack(bytes) : bytes;
    checkNifti(image);
    return image;
}

async function download(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
    const response = await fetch(url, { signal }).catch(() => {
        throw new Error('the server could not be reached');
    });
    if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`.trim());
    return response.arrayBuffer().catch(() => {
        throw new Error('the download broke off');
    });
}

function isGzip(bytes: ArrayBuffer): boolean {
    const head = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
    return head[0] === 0x1f && head[1] === 0x8b;
}

async function unpack(bytes: ArrayBuffer): Promise<ArrayBuffer> {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    try {
        return await new Response(stream).arrayBuffer();
    } catch {
        throw new Error('the gzip file is broken or cut off');
    }
}

/** NiiVue believes any header, and a false one freezes the page: refuse more voxels than bytes. */
function checkNifti(image: ArrayBuffer): void {
    if (image.byteLength < 348) throw new Error('the file is too short for a NIfTI header');
    const view = new DataView(image);
    const little = [348, 540].includes(view.getInt32(0, true));
    if (!little && ![348, 540].includes(view.getInt32(0, false))) throw new Error('the file is not NIfTI');
    const second = view.getInt32(0, little) === 540;
    const dim = (i: number) =>
        second ? Number(view.getBigInt64(16 + 8 * i, little)) : view.getInt16(40 + 2 * i, little);
    const rank = dim(0);
    const sizes = Array.from({ length: Math.max(0, Math.min(rank, 7)) }, (_, i) => dim(i + 1));
    if (rank < 1 || rank > 7 || sizes.some((size) => size < 1)) {
        throw new Error(`the header's dimensions make no sense (${[rank, ...sizes].join(', ')})`);
    }
    const bits = view.getInt16(second ? 14 : 72, little);
    const start = second ? Number(view.getBigInt64(168, little)) : view.getFloat32(108, little);
    const needed = start + (sizes.reduce((product, size) => product * size, 1) * bits) / 8;
    if (!(needed <= image.byteLength)) {
        throw new Error(`the header asks for ${needed} bytes, the file holds ${image.byteLength}`);
    }
}
