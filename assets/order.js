/* Lists that the reader orders: what is asked for is written into the list's hidden field. */
(() => {
    const listOf = (element) => element && element.closest(".order");
    const itemOf = (event) => event.target.closest && event.target.closest(".order-item");
    const names = (list) => [...list.querySelectorAll(".order-item")].map((i) => i.dataset.name);
    let dragged = null;
    let focused = null;

    /* Dash keys dict ids by their JSON, with sorted keys. */
    const write = (list, order) => {
        const field = list.querySelector('input[type="hidden"]');
        window.dash_clientside.set_props(JSON.parse(field.id), { value: order.join(",") });
    };

    const moved = (order, name, to) => {
        const left = order.filter((other) => other !== name);
        left.splice(to, 0, name);
        return left;
    };

    document.addEventListener("click", (event) => {
        const acting = ".order-up, .order-down, .order-drop, .order [data-order]";
        const button = event.target.closest && event.target.closest(acting);
        if (!button) {
            return;
        }
        const list = listOf(button);
        const order = names(list);
        const item = button.closest(".order-item");
        if (!item) {
            write(list, button.dataset.order.split(","));
            return;
        }
        const { name } = item.dataset;
        const place = order.indexOf(name);
        focused = { list: list.dataset.key, name, way: button.className };
        if (button.className === "order-up") {
            write(list, moved(order, name, Math.max(place - 1, 0)));
        } else if (button.className === "order-down") {
            write(list, moved(order, name, place + 1));
        } else {
            write(list, order.filter((other) => other !== name));
        }
    });

    /* The item moved; the reader's finger stays on its button. */
    new MutationObserver(() => {
        if (!focused || document.activeElement !== document.body) {
            return;
        }
        const { list, name, way } = focused;
        const item = `.order[data-key="${list}"] .order-item[data-name="${name}"]`;
        const button = document.querySelector(`${item} .${way}`);
        if (button) {
            button.focus();
        }
    }).observe(document.documentElement, { childList: true, subtree: true });

    document.addEventListener("dragstart", (event) => {
        dragged = itemOf(event);
        if (dragged) {
            event.dataTransfer.effectAllowed = "move";
            event.dataTransfer.setData("text/plain", dragged.dataset.name);
        }
    });
    document.addEventListener("dragover", (event) => {
        const over = itemOf(event);
        if (!dragged || !over || listOf(over) !== listOf(dragged)) {
            return;
        }
        event.preventDefault();
        const box = over.getBoundingClientRect();
        const below = event.clientY > box.top + box.height / 2;
        document.querySelectorAll(".order-item").forEach((item) => {
            item.classList.toggle("drop-above", item === over && !below);
            item.classList.toggle("drop-below", item === over && below);
        });
    });
    document.addEventListener("drop", (event) => {
        const over = itemOf(event);
        if (!dragged || !over || over === dragged) {
            return;
        }
        event.preventDefault();
        const list = listOf(over);
        const { name } = dragged.dataset;
        const left = names(list).filter((other) => other !== name);
        const below = over.classList.contains("drop-below") ? 1 : 0;
        write(list, moved(names(list), name, left.indexOf(over.dataset.name) + below));
    });
    document.addEventListener("dragend", () => {
        dragged = null;
        document.querySelectorAll(".order-item").forEach((item) => {
            item.classList.remove("drop-above", "drop-below");
        });
    });
})();
