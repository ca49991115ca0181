/* The viewer of the Patient page: what is shown is chosen here, and kept in the address. */
(() => {
    const KEYS = ["left", "right", "preset", "layout", "over", "opacity", "at"];
    const OVERLAYS = ["infarct", "occlusion", "willis"];
    const LAYOUTS = {
        planes: { slice_type: "multiplanar", show_render: "never" },
        axial: { slice_type: "axial", show_render: "never" },
        mosaic: { slice_type: "axial", show_render: "never" },
        render: { slice_type: "multiplanar", show_render: "always" },
    };
    const LAYOUT_SAID = { planes: "three planes", axial: "axial", mosaic: "axial mosaic", render: "three planes and 3D" };
    const USUAL = { over: ["infarct"], opacity: 35 };
    const CAPTION_PX = 46;

    /* What is shown now: the subject's set, the look, what of it was chosen by hand, where the crosshair is, what was asked wrongly. */
    const now = { set: null, look: {}, kept: {}, at: null, moved: false, dragged: {}, wrong: [], component: -1, frame: 0, playing: false };

    const dash = () => window.dash_clientside;
    const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
    const number = (value) => {
        if (value === null || value === undefined) {
            return "no value";
        }
        const size = Math.abs(value);
        return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(2);
    };

    /* The address. */
    const fromAddress = () => {
        const query = new URLSearchParams(window.location.search);
        const asked = Object.fromEntries(KEYS.filter((key) => query.has(key)).map((key) => [key, query.get(key)]));
        if ("over" in asked) {
            asked.over = asked.over.split(",").filter(Boolean);
        }
        if ("opacity" in asked) {
            asked.opacity = Number(asked.opacity);
        }
        if ("at" in asked) {
            asked.at = asked.at.split(",").map(Number);
        }
        return asked;
    };

    let timer = 0;
    const toAddress = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
            if (!window.location.pathname.startsWith("/patient") || !now.set) {
                return;
            }
            // As it stands but for the view: how a cohort is written is not this file's affair.
            const kept = window.location.search
                .slice(1)
                .split("&")
                .filter((part) => part && !KEYS.includes(part.split("=")[0]));
            const query = [...kept, ...spoken()].join("&");
            const address = window.location.pathname + (query ? `?${query}` : "");
            window.history.replaceState(window.history.state, "", address);
        }, 400);
    };

    const spoken = () => {
        const { look, set, at } = now;
        const said = [];
        const say = (key, value, usual) => same(value, usual) || said.push(`${key}=${value}`);
        say("left", look.left, set.left[0]);
        say("right", look.right, set.right[0]);
        say("preset", look.preset, presetsOf(set, look.left)[0]?.value);
        say("layout", look.layout, usualLayout(set));
        say("over", look.over, usualOver(set));
        say("opacity", look.opacity, USUAL.opacity);
        if (at && now.moved) {
            said.push(`at=${at.map((mm) => mm.toFixed(1)).join(",")}`);
        }
        return said;
    };

    /* The look: what is asked for, where the subject has it. */
    const presetsOf = (set, kind) => set.kinds[kind]?.presets ?? [];
    const usualOver = (set) => USUAL.over.filter((name) => name in set.over);

    // Side by side there is room for one plane each.
    const usualLayout = (set) => (set?.right.length ? "axial" : "planes");

    const settle = (set, asked) => {
        const wrong = [];
        const choose = (key, known, usual, isAsked = asked[key] !== undefined && asked[key] !== null) => {
            if (isAsked && known.includes(asked[key])) {
                return asked[key];
            }
            if (isAsked && asked[key] !== "") {
                wrong.push(String(asked[key]).slice(0, 40));
            }
            return usual;
        };
        const left = choose("left", set.left, set.left[0]);
        const right = choose("right", set.right, set.right[0]);
        const presets = presetsOf(set, left).map(({ value }) => value);
        const preset = choose("preset", presets, presets[0]);
        const layout = choose("layout", Object.keys(LAYOUTS), usualLayout(set));
        const over = Array.isArray(asked.over) ? asked.over.filter((name) => name in set.over) : usualOver(set);
        const opacity = asked.opacity >= 0 && asked.opacity <= 100 ? asked.opacity : USUAL.opacity;
        return { look: { left, right, preset, layout, over, opacity }, wrong };
    };

    /* Volumes as the viewers take them. */
    const volumes = (set, kind, preset, { over, opacity }) => {
        const known = set.kinds[kind];
        if (!known) {
            return [];
        }
        const window_ = known.presets.find(({ value }) => value === preset) ?? known.presets[0];
        const looks = window_ ? { cal_min: window_.low, cal_max: window_.high, colormap: window_.map } : {};
        const above = over.map((name) => ({
            ...set.over[name],
            opacity: name === "willis" ? 0.9 : opacity / 100,
        }));
        return [{ ...known.volume, ...looks }, ...above];
    };

    const spread = (levels, count) =>
        levels.length <= count
            ? levels
            : Array.from({ length: count }, (_, i) => levels[Math.round((i * (levels.length - 1)) / (count - 1))]);

    const mosaic = (set, isAlone) => {
        const perRow = isAlone ? 6 : 3;
        const chosen = spread(set.levels, 2 * perRow).slice().reverse();
        const rows = [];
        for (let i = 0; i < chosen.length; i += perRow) {
            rows.push(chosen.slice(i, i + perRow).join(" "));
        }
        return rows.length ? `A ${rows.join(" ; ")}` : "";
    };

    const alt = (set, kind, layout) => {
        const infarct = set.over.infarct
            ? `; the infarct${set.volume_ml === null ? "" : ` of ${set.volume_ml.toFixed(1)} ml`} in red`
            : "";
        return `${set.kinds[kind]?.label ?? ""} of ${set.subject}, ${LAYOUT_SAID[layout]}${infarct}. The patient's right is on the left of the picture.`;
    };

    const choices = (set, kinds) =>
        kinds.map((value) => {
            const { label, megabytes } = set.kinds[value];
            return { value, label: megabytes ? `${label} · ${megabytes} MB` : label };
        });

    const BLANK = [[], null, [], null, [], null, "axial", false, false, false, true, true, true, USUAL.opacity];

    const compose = (set, left, right, preset, layout, opacity, ...switches) => {
        if (!set) {
            now.set = null;
            const blank = [[], "multiplanar", "", "never", ""];
            return [...BLANK, ...blank, ...blank, true, true, true, true, 0];
        }
        const isNew = now.set !== set;
        const used = dash().callback_context.triggered_id;
        const over = OVERLAYS.filter((_, place) => switches[place]);
        const asked = { left, right, preset, layout, over, opacity };
        if (isNew) {
            const { at, ...look } = fromAddress();
            now.kept = { ...now.kept, ...look };
            ["left", "right", "preset", "layout", "over", "opacity"].forEach((key) => (asked[key] = now.kept[key]));
        } else if (used) {
            const key = used.startsWith("over-") ? "over" : used;
            now.kept[key] = asked[key];
        }
        if (used === "left" && !isNew) {
            asked.preset = now.kept.preset = undefined;
        }
        const { look, wrong } = settle(set, asked);
        if (isNew) {
            // What the last patient had and this one lacks is no mistake of the reader's.
            const address = Object.values(fromAddress()).map(String);
            now.wrong = wrong.filter((value) => address.includes(value));
            now.component = -1;
        }
        if (isNew || used === "preset" || used === "left" || used === "right") {
            now.dragged = {};
        }
        Object.assign(now, { set, look });
        toAddress();
        const isAlone = !look.right;
        const shared = [
            LAYOUTS[look.layout].slice_type,
            look.layout === "mosaic" ? mosaic(set, isAlone) : "",
            LAYOUTS[look.layout].show_render,
        ];
        const presets = presetsOf(set, look.left);
        const frames = set.kinds[look.left]?.frames ?? 1;
        return [
            choices(set, set.left),
            look.left ?? null,
            choices(set, set.right),
            look.right ?? null,
            presets.map(({ value, label }) => ({ value, label })),
            look.preset ?? null,
            look.layout,
            ...OVERLAYS.map((name) => look.over.includes(name)),
            ...OVERLAYS.map((name) => !(name in set.over)),
            look.opacity,
            volumes(set, look.left, look.preset, look),
            ...shared,
            alt(set, look.left, look.layout),
            look.right ? volumes(set, look.right, undefined, look) : [],
            ...shared,
            look.right ? alt(set, look.right, look.layout) : "",
            !look.left,
            isAlone,
            presets.length < 2,
            frames < 2,
            Math.max(0, frames - 1),
        ];
    };

    /* The crosshair. */
    const jump = (set) => {
        const { no_update, callback_context } = dash();
        const used = callback_context.triggered_id;
        const clicked = callback_context.triggered.some(({ prop_id, value }) => prop_id.endsWith(".n_clicks") && value);
        if (!set) {
            return [no_update, no_update];
        }
        const count = set.components.length;
        let to = null;
        if (!clicked) {
            const { at } = fromAddress();
            if (now.placed === set) {
                return [no_update, no_update];
            }
            now.placed = set;
            to = at?.length === 3 && at.every(Number.isFinite) ? at : null;
            now.moved = Boolean(to);
            if (!to && count) {
                now.component = 0;
            }
        } else if (used.type === "component-part") {
            now.component = used.name;
        } else if (used.type === "component-step") {
            const step = { before: now.component - 1, after: now.component + 1, largest: 0 }[used.name];
            now.component = (step + count) % count;
        } else if (used.type === "strip-part") {
            const level = set.strip[used.name];
            const [x, y] = now.at ?? set.components[0]?.mm ?? [0, 0];
            to = [x, y, level];
        }
        to = to ?? set.components[now.component]?.mm;
        if (!to) {
            return [no_update, no_update];
        }
        now.moved ||= clicked;
        markComponent();
        return [to, to];
    };

    // Until the reader moves it, the crosshair is where the page put it: not worth telling.
    ["pointerdown", "keydown", "wheel"].forEach((kind) =>
        document.addEventListener(kind, ({ target }) => (now.moved ||= Boolean(target.closest?.(".canvas"))), { passive: true }),
    );

    const markComponent = () => {
        document.querySelectorAll(".component-part").forEach((part, place) => {
            part.setAttribute("aria-current", place === now.component ? "true" : "false");
        });
    };

    const mark = (text, className) => ({ type: "Span", namespace: "dash_html_components", props: { children: text, className } });

    const readOut = (left, right) => {
        const location = left ?? right;
        if (!location || !now.set) {
            return [];
        }
        const { set, look } = now;
        now.at = location.mm.slice(0, 3);
        toAddress();
        const [x, y, z] = now.at.map((mm) => mm.toFixed(1));
        const parts = [
            mark(`x ${x}, y ${y}, z ${z} mm`, "number"),
            mark(`voxel ${location.voxel.slice(0, 3).join(", ")}`, "number"),
        ];
        [[left, look.left], [right, look.right]].forEach(([seen, kind]) => {
            const found = seen?.values.find(({ id }) => id === kind);
            const known = set.kinds[kind];
            if (found && known && !known.silent) {
                parts.push(mark(`${known.label} ${number(found.value)}${known.unit && found.value !== null ? ` ${known.unit}` : ""}`, "number readout-value"));
            }
        });
        const value = (id) => location.values.find((found) => found.id === id);
        const infarct = value("infarct");
        if (infarct) {
            parts.push(infarct.value > 0.5 ? mark("inside the infarct", "inside") : mark("outside the infarct", "outside"));
        }
        if (value("occlusion")?.value > 0.5) {
            parts.push(mark("occlusion", "inside"));
        }
        const vessel = value("willis");
        if (vessel?.label) {
            parts.push(mark(vessel.label, "readout-value"));
        }
        return parts;
    };

    /* How far the viewers are; without WebGL the slices take their place. */
    const tellStatus = (left, right, set) => {
        const states = [left, right].filter(Boolean);
        if (states.some(({ state }) => state === "no-webgl")) {
            const why = "This browser has no WebGL 2, so the viewer can't run here; slices that the server draws are shown instead.";
            return [why, "viewer viewer-without", "slices slices-alone"];
        }
        const said = [];
        if (now.wrong.length) {
            said.push(`The address asks for ${now.wrong.map((text) => `“${text}”`).join(", ")}, which isn't here; the usual is shown.`);
        }
        if (set) {
            said.push(...[now.look.left, now.look.right].map((kind) => set.kinds[kind]?.note).filter(Boolean));
            [now.look.left, now.look.right].forEach((kind) => {
                if (set.kinds[kind] && !set.kinds[kind].aligned && set.over.infarct) {
                    said.push(`The infarct lies on another grid than the ${set.kinds[kind].label}: it is drawn there by the scanner's coordinates.`);
                }
            });
        }
        states.filter(({ state }) => state === "error").forEach(({ message }) => said.push(message));
        return [said.join(" "), set?.left.length ? "viewer" : "viewer viewer-without", "slices"];
    };

    /* The perfusion series. */
    const chooseFrame = (set, left, shown, slid, clicks) => {
        const { no_update, callback_context } = dash();
        const frames = set?.kinds[left]?.frames ?? 1;
        const used = callback_context.triggered.map(({ prop_id }) => prop_id);
        const by = (id) => used.includes(id);
        if (frames < 2) {
            now.playing = false;
            return [no_update, 0, "", true, "Play"];
        }
        if (by("play.n_clicks") && clicks) {
            now.playing = !now.playing;
        }
        if (by("view-set.data") || by("left.value")) {
            now.frame = 0;
            now.playing = false;
        } else if (by("viewer-left.frame") && typeof shown === "number") {
            now.frame = shown;
        } else if (by("frame.value")) {
            now.frame = slid;
        } else if (by("play-clock.n_intervals") && now.playing) {
            now.frame = (now.frame + 1) % frames;
        }
        return [
            now.frame === shown ? no_update : now.frame,
            now.frame === slid ? no_update : now.frame,
            `frame ${now.frame + 1} of ${frames}`,
            !now.playing,
            now.playing ? "Pause" : "Play",
        ];
    };

    const element = (type, props) => ({ type, namespace: "dash_html_components", props });

    const drawCurve = (curve, left, frame) => {
        const known = now.set?.kinds[left];
        if (!curve || !known || known.frames < 2 || curve.id !== left) {
            return [];
        }
        const { values } = curve;
        const numbers = values.filter((value) => value !== null);
        if (!numbers.length) {
            return element("P", { children: "No values at the crosshair.", className: "help" });
        }
        const peak = values.indexOf(Math.max(...numbers));
        const first = values.slice(0, 5).filter((value) => value !== null);
        const base = first.reduce((sum, value) => sum + value, 0) / Math.max(1, first.length);
        const unit = known.unit ? ` ${known.unit}` : "";
        const said = `Time–attenuation at the crosshair: ${number(base)}${unit} at first, ${number(values[peak])}${unit} at its peak in frame ${peak + 1}.`;
        const axis = { automargin: true, zeroline: false, fixedrange: true };
        const figure = {
            data: [{ type: "scatter", mode: "lines", x: values.map((_, i) => i + 1), y: values, line: { color: "#0c8599", width: 2 }, hovertemplate: `frame %{x}: %{y:.1f}${unit}<extra></extra>` }],
            layout: {
                height: 170, margin: { l: 44, r: 8, t: 6, b: 34 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false,
                xaxis: { ...axis, title: { text: "frame" }, showgrid: false }, yaxis: { ...axis, title: { text: known.unit } },
                shapes: [{ type: "line", x0: frame + 1, x1: frame + 1, y0: 0, y1: 1, yref: "paper", line: { color: "#e8590c", width: 1.5 } }],
            },
        };
        const rows = values.map((value, i) => element("Tr", { children: [element("Th", { children: i + 1, scope: "row" }), element("Td", { children: number(value) })] }));
        return [
            element("P", { children: said, className: "caption" }),
            { type: "Graph", namespace: "dash_core_components", props: { figure, config: { displayModeBar: false, responsive: true }, style: { height: 170 } } },
            element("Details", { children: [element("Summary", { children: "Table" }), element("Table", { className: "table", children: element("Tbody", { children: rows }) })] }),
        ];
    };

    /* A picture of what is seen, with a caption. */
    const askSnapshot = (clicks) => {
        const { no_update } = dash();
        if (!clicks) {
            return [no_update, no_update];
        }
        now.asked = { left: Boolean(now.look.left), right: Boolean(now.look.right) };
        now.taken = {};
        return [clicks, now.look.right ? clicks : no_update];
    };

    const saveSnapshot = (left, right) => {
        const { no_update, callback_context } = dash();
        callback_context.triggered.forEach(({ prop_id }) => {
            const side = prop_id === "viewer-left.snapshot" ? "left" : "right";
            now.taken = { ...now.taken, [side]: side === "left" ? left : right };
        });
        const { asked, taken } = now;
        if (!asked || (asked.left && !taken.left) || (asked.right && !taken.right)) {
            return no_update;
        }
        now.asked = null;
        save([taken.left, asked.right ? taken.right : null].filter(Boolean));
        return `Picture of ${now.set.subject} saved.`;
    };

    /* A window that the reader dragged holds until another image or window is chosen. */
    const keepWindow = (left, right) => {
        const { callback_context } = dash();
        callback_context.triggered.forEach(({ prop_id }) => {
            const dragged = prop_id.startsWith("viewer-left") ? left : right;
            if (dragged) {
                now.dragged = { ...now.dragged, [dragged.id]: dragged };
            }
        });
    };

    const captions = () => {
        const { set, look, at } = now;
        const told = (kind, preset) => {
            const known = set.kinds[kind];
            if (!known) {
                return null;
            }
            const chosen = known.presets.find(({ value }) => value === preset) ?? known.presets[0];
            const { cal_min, cal_max } = now.dragged[kind] ?? { cal_min: chosen?.low, cal_max: chosen?.high };
            const unit = known.unit ? ` ${known.unit}` : "";
            const range = cal_min === undefined ? "by its values" : `${Number(cal_min.toPrecision(3))} to ${Number(cal_max.toPrecision(3))}${unit}`;
            return `${known.label}, window ${range}`;
        };
        const place = at ? `x ${at[0].toFixed(1)}, y ${at[1].toFixed(1)}, z ${at[2].toFixed(1)} mm` : "";
        const seen = [told(look.left, look.preset), told(look.right)].filter(Boolean).join(" | ");
        return [
            [`${set.subject}: ${seen}`, place].filter(Boolean).join(" · "),
            `${look.over.includes("infarct") ? "Infarct in red. " : ""}Patient's right on the left. ${set.dataset}. Insula.`,
        ];
    };

    const save = async (sources) => {
        const pictures = await Promise.all(
            sources.map((source) => {
                const picture = new Image();
                picture.src = source;
                return picture.decode().then(() => picture);
            }),
        );
        const canvas = document.createElement("canvas");
        canvas.width = pictures.reduce((sum, { width }) => sum + width, 0);
        const height = Math.max(...pictures.map((picture) => picture.height));
        const scale = window.devicePixelRatio || 1;
        canvas.height = height + CAPTION_PX * scale;
        const pen = canvas.getContext("2d");
        pen.fillStyle = "#000";
        pen.fillRect(0, 0, canvas.width, canvas.height);
        let x = 0;
        pictures.forEach((picture) => {
            pen.drawImage(picture, x, 0);
            x += picture.width;
        });
        pen.fillStyle = "#fff";
        pen.font = `${13 * scale}px system-ui, sans-serif`;
        captions().forEach((line, i) => pen.fillText(line, 8 * scale, height + (18 + 18 * i) * scale, canvas.width - 16 * scale));
        canvas.toBlob((blob) => {
            const link = document.createElement("a");
            link.href = URL.createObjectURL(blob);
            link.download = `${now.set.subject}_${[now.look.left, now.look.right].filter(Boolean).join("_")}.png`;
            link.click();
            setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
        }, "image/png");
    };

    window.dash_clientside = Object.assign({}, window.dash_clientside, {
        viewer: { compose, jump, readOut, tellStatus, chooseFrame, drawCurve, keepWindow, askSnapshot, saveSnapshot },
    });
})();
