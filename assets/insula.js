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
    },
});

/* A subject's label as a link to its page. */
window.dashAgGridComponentFunctions = Object.assign({}, window.dashAgGridComponentFunctions, {
    PatientLink: (props) =>
        props.data
            ? window.React.createElement(
                  window.dash_core_components.Link,
                  { href: props.data.href, setProps: () => undefined },
                  props.value,
              )
            : null,
});
