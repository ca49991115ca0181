/* What only shows, as one component however much it holds: Dash wraps each of its own, and asks all
   of them anew whenever anything on the page changes. */
(() => {
    const { createElement, Fragment } = window.React;
    const isEmpty = (part) => part === null || part === undefined;

    const follow = (event) => {
        if (event.metaKey || event.shiftKey || event.altKey || event.ctrlKey) {
            return;
        }
        event.preventDefault();
        window.history.pushState({}, "", event.currentTarget.href);
        window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
        window.scrollTo(0, 0);
    };

    const inside = (part) =>
        isEmpty(part) ? [] : (Array.isArray(part) ? part : [part]).map(drawn);

    const drawn = (part) => {
        if (isEmpty(part) || typeof part !== "object") {
            return part;
        }
        if (Array.isArray(part)) {
            return createElement(Fragment, null, ...inside(part));
        }
        const { children, ...props } = part.props;
        if (part.type === "Link") {
            return createElement("a", { ...props, onClick: follow }, ...inside(children));
        }
        return createElement(part.type.toLowerCase(), props, ...inside(children));
    };

    window.insula = { Still: ({ content }) => createElement(Fragment, null, ...inside(content)) };
})();
