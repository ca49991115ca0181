/* The Patient page: slices chosen, and patients stepped through, without asking the server. */
(() => {
    const sides = "The patient's right is on the left of the picture.";

    const nearest = (levels, level) =>
        levels.reduce(
            (best, at, place) =>
                Math.abs(at - level) < Math.abs(levels[best] - level) ? place : best,
            0,
        );

    const describe = (set, kind, place) => {
        const here = `Axial slice ${place + 1} of ${kind.levels.length}, z ${kind.levels[place]} mm`;
        if (!kind.drawn) {
            return `${here}, ${kind.label}; no infarct is drawn on it.`;
        }
        const volume = set.volume_ml === null ? "" : ` of ${set.volume_ml.toFixed(1)} ml in all`;
        const infarct = kind.infarct[place]
            ? `the infarct${volume} in red${place === kind.main ? ", here at its largest" : ""}`
            : `no infarct in this slice`;
        return `${here}, ${kind.label}; ${infarct}.`;
    };

    const choice = (set, name, place) => {
        const kind = set.kinds[name] || Object.values(set.kinds)[0];
        const top = kind.levels.length - 1;
        const at = Math.min(Math.max(place, 0), top);
        const said = describe(set, kind, at);
        return [`${kind.source}&slice=${at}`, `${said} ${sides}`, said, top, at];
    };

    let shown = {};

    window.dash_clientside = Object.assign({}, window.dash_clientside, {
        patient: {
            chooseSlice: (set, name, place, _, shape) => {
                const { no_update, callback_context } = window.dash_clientside;
                if (!shape?.includes("slices-alone") || !set || !Object.keys(set.kinds).length) {
                    return [null, "", "", 0, 0];
                }
                const names = Object.keys(set.kinds);
                const known = names.includes(name) ? name : names[0];
                const kind = set.kinds[known];
                const used = callback_context.triggered_id;
                let at = place;
                if (shown.set !== set) {
                    at = kind.main;
                } else if (shown.name !== known) {
                    at = nearest(kind.levels, set.kinds[shown.name].levels[shown.at]);
                } else if (used && used.name !== undefined) {
                    at = Number(used.name);
                }
                const chosen = choice(set, known, at);
                shown = { set, name: known, at: chosen[4] };
                return [...chosen.slice(0, 4), chosen[4] === place ? no_update : chosen[4]];
            },
        },
    });

    /* [ and ], k and j: the patient before and after. */
    const steps = { "[": "patient-before", k: "patient-before", "]": "patient-after", j: "patient-after" };
    document.addEventListener("keydown", (event) => {
        const { target, key } = event;
        const writes = target.closest?.("input, textarea, select, [contenteditable=true]");
        if (writes || event.ctrlKey || event.metaKey || event.altKey || !(key in steps)) {
            return;
        }
        document.getElementById(steps[key])?.click();
    });
})();
