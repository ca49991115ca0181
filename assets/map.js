/* The Map page: what the crosshair points at, and moves of it, without asking the server. */
(() => {
    const dash = () => window.dash_clientside;
    const span = (children, className) => ({ type: "Span", namespace: "dash_html_components", props: { children, className } });
    const signed = (value, digits) => `${value < 0 ? "\u2212" : value > 0 ? "+" : ""}${Math.abs(value).toFixed(digits)}`;

    const told = (value, info) => {
        if (info.n) {
            const share = (100 * value) / info.n;
            const percent = share.toFixed(share > 0 && share < 0.95 ? 1 : 0);
            return `${value} of ${info.n.toLocaleString("en")} subjects (${percent} %)`;
        }
        if (info.critical) {
            if (value === 0) {
                return "not shown here";
            }
            const beyond = Math.abs(value) > info.critical ? ", beyond" : ", within";
            return `${info.statistic} ${signed(value, 2)}${beyond} \u00b1${info.critical.toFixed(2)}`;
        }
        return `${signed(value, 0)} percentage points`;
    };

    const readOut = (location, info) => {
        if (!location || !info) {
            return [];
        }
        const found = (id) => location.values.find((volume) => volume.id === id);
        const [x, y, z] = location.mm.map((mm) => signed(mm, 0).replace("+", ""));
        const value = found("map")?.value;
        return [
            span(`x ${x}, y ${y}, z ${z} mm`, "number"),
            span(value === null || value === undefined ? "outside the map" : told(value, info), "number readout-value"),
            span(found("atlas")?.label || "outside the territories"),
        ];
    };

    /* The place that the address last named, and whether the reader has moved the crosshair since the page was opened. */
    let pointed = "null";
    let moved = false;
    /* Whether a place was typed since: it stays until the reader points elsewhere. */
    let typed = false;
    const points = ({ target }) => {
        if (target.closest?.("#map-viewer")) {
            moved = true;
            typed = false;
        }
    };
    ["pointerdown", "keydown", "wheel"].forEach((kind) => document.addEventListener(kind, points, { passive: true }));
    document.addEventListener("input", ({ target }) => {
        if (target.closest?.(".map-fields")) {
            moved = typed = true;
        }
    });

    const fillIn = (location) => {
        const { no_update } = dash();
        return location && !typed ? location.mm.slice(0, 3).map((mm) => Math.round(mm)) : [no_update, no_update, no_update];
    };

    /* Where the address or the map points at first; later, where a button does. */
    const jump = (info, go, toPeak, x, y, z) => {
        const { no_update, callback_context } = dash();
        const used = callback_context.triggered_id;
        typed = typed && Boolean(info) && used !== "map-go" && used !== "map-peak";
        moved = used === "map-go" || used === "map-peak" || (moved && Boolean(info));
        if (used === "map-go") {
            return [x, y, z].every((mm) => typeof mm === "number") ? [x, y, z] : no_update;
        }
        if (used === "map-peak") {
            return info?.peak ? [...info.peak] : no_update;
        }
        const asked = JSON.stringify(info?.at ?? null);
        const isNew = asked !== pointed;
        pointed = asked;
        if (info?.at && isNew) {
            return [...info.at];
        }
        return info?.peak && !info.at && !moved ? [...info.peak] : no_update;
    };

    const tellStatus = (status, info) => {
        const { no_update } = dash();
        if (status?.state === "no-webgl") {
            const why = "This browser has no WebGL 2, so the viewer can't run here; slices that the server draws are shown instead.";
            return [why, "map-panel map-without", info?.mosaic ?? no_update, info?.alt ?? ""];
        }
        return [status?.state === "error" ? status.message : "", "map-panel", no_update, no_update];
    };

    window.dash_clientside = Object.assign({}, window.dash_clientside, {
        map: { readOut, fillIn, jump, tellStatus },
    });
})();
