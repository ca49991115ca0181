/* What the pages do without asking the server. */
window.dash_clientside = Object.assign({}, window.dash_clientside, {
    insula: {
        /* Light and dark in turn, kept for the next visit; the system's choice until then. */
        switchTheme: (clicks, now) => {
            const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
            const kept = localStorage.getItem("insula-theme") || system;
            if (!clicks) {
                return kept;
            }
            const next = (now || kept) === "dark" ? "light" : "dark";
            localStorage.setItem("insula-theme", next);
            return next;
        },
        /* Another cohort: the table's rows are asked for again, from the first. */
        refreshSubjects: (search, id) => {
            if (!id) {
                return;
            }
            window.dash_ag_grid
                .getApiAsync(id)
                .then((grid) => {
                    grid.ensureIndexVisible(0);
                    grid.purgeInfiniteCache();
                })
                .catch(() => undefined);
        },
        /* A click on a point leads to the row of the table that it is of. */
        showRow: (clicked) => {
            const point = clicked && clicked.points.find((one) => one.customdata);
            if (point) {
                leadTo(point.customdata);
            }
        },
        /* The subjects of the bar under the pointer, in gallery and table. */
        lightBar: () => {
            const { triggered } = window.dash_clientside.callback_context;
            const point = triggered.length && triggered[0].value && triggered[0].value.points[0];
            if (!point) {
                lightSubjects(() => false);
                return;
            }
            const name = JSON.parse(triggered[0].prop_id.replace(/\.hoverData$/, "")).name;
            const graphs = chartGraphs();
            const place = graphs.findIndex((graph) => JSON.parse(graph.id).name === name);
            const code = barCodes(graphs[place]).get(point.customdata);
            lightSubjects((bars) => bars[place] === code);
        },
    },
});

/* Shows a row of a result table, marks it, and lets reading go on from there. */
const leadTo = (name) => {
    const row = document.querySelector(`[data-row="${CSS.escape(name)}"]`);
    if (!row) {
        return;
    }
    document.querySelectorAll(".led-to").forEach((other) => other.classList.remove("led-to"));
    row.classList.add("led-to");
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "center" });
};

document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[data-to]");
    if (link) {
        event.preventDefault();
        leadTo(link.dataset.to);
    }
});

/* Hovering anywhere lights the same subjects everywhere. A subject knows the code of its bar in
   each chart: from 0, with -1 for a missing value and -2 for one that can't exist. */
const chartGraphs = () => [...document.querySelectorAll('[id*=\'"type":"chart"\']')];

/* What a bar's filter stands for, in the order of the codes. */
const barCodes = (graph) => {
    const plot = graph.querySelector(".js-plotly-plot");
    const parts = plot.data.length > 2 ? plot.data.slice(0, 2) : plot.data.slice(0, 1);
    const special = { missing: -1, "not-applicable": -2 };
    const filters = parts.flatMap((trace) => [...(trace.customdata || [])]);
    return new Map(filters.map((filter, place) => [filter, special[filter] ?? place]));
};

/* The shapes of the whole's bars, in the same order. */
const barShapes = (graph) =>
    [".xy", ".x2y2"].flatMap((plane) => {
        const trace = graph.querySelector(`${plane} .trace.bars`);
        return trace ? [...trace.querySelectorAll(".point")] : [];
    });

const tableRow = (row) => {
    const grid = row.closest(".subject-table") && window.dash_ag_grid.getApi("subjects");
    const shown = grid && grid.getDisplayedRowAtIndex(Number(row.getAttribute("row-index")));
    return shown && shown.data;
};

const lightSubjects = (wanted) => {
    document.querySelectorAll(".tile").forEach((tile) => {
        tile.classList.toggle("lit", wanted(JSON.parse(tile.dataset.bars), tile.dataset.subject));
    });
    document.querySelectorAll(".subject-table .ag-row").forEach((row) => {
        const data = tableRow(row);
        row.classList.toggle("lit", Boolean(data && wanted(data.bars, data.key)));
    });
};

const lightBars = (bars) => {
    document.querySelectorAll(".point.lit").forEach((shape) => shape.classList.remove("lit"));
    if (!bars) {
        return;
    }
    chartGraphs().forEach((graph, place) => {
        const codes = [...barCodes(graph).values()];
        const shape = barShapes(graph)[codes.indexOf(bars[place])];
        if (shape) {
            shape.classList.add("lit");
        }
    });
};

let litSubject = null;
const lightUnder = (target) => {
    const tile = target.closest && target.closest(".tile");
    const row = target.closest && target.closest(".subject-table .ag-row");
    const data = tile
        ? { key: tile.dataset.subject, bars: JSON.parse(tile.dataset.bars) }
        : row && tableRow(row);
    const key = data ? data.key : null;
    if (key === litSubject) {
        return;
    }
    litSubject = key;
    lightBars(data && data.bars);
    lightSubjects((_, other) => other === key);
};
document.addEventListener("mouseover", (event) => lightUnder(event.target));
document.addEventListener("focusin", (event) => lightUnder(event.target));

/* Pictures of tiles are asked for when they come into sight. */
const inSight = new IntersectionObserver(
    (entries) =>
        entries
            .filter((entry) => entry.isIntersecting)
            .forEach(({ target }) => {
                target.style.backgroundImage = `url("${target.dataset.src}")`;
                inSight.unobserve(target);
            }),
    { rootMargin: "200px" },
);
new MutationObserver((changes) =>
    changes
        .flatMap(({ type, target, addedNodes }) => (type === "attributes" ? [target] : [...addedNodes]))
        .filter((node) => node.querySelectorAll)
        .flatMap((node) => (node.matches("[data-src]") ? [node] : [...node.querySelectorAll("[data-src]")]))
        .forEach((tile) => {
            tile.style.backgroundImage = "";
            inSight.observe(tile);
        }),
).observe(document.documentElement, {
    attributeFilter: ["data-src"],
    childList: true,
    subtree: true,
});

/* A plain click on a tile changes the address as `dcc.Link` does, without loading the page anew. */
document.addEventListener("click", (event) => {
    const tile = event.target.closest("a.tile");
    if (!tile || event.button || event.ctrlKey || event.metaKey || event.shiftKey) {
        return;
    }
    event.preventDefault();
    history.pushState({}, "", tile.href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
});

/* A subject's label as a link to its page. */
window.dashAgGridComponentFunctions = Object.assign({}, window.dashAgGridComponentFunctions, {
    PatientLink: (props) =>
        props.data && props.data.href
            ? window.React.createElement(
                  window.dash_core_components.Link,
                  { href: props.data.href, setProps: () => undefined },
                  props.value,
              )
            : null,
});
