"""Functions for a page's console that return what is in the wrong place."""

# What can be used and isn't inside the screen. Tables may scroll sideways, and what is hidden has no size.
OUTSIDE = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter((one) => {
    const { left, right, width } = one.getBoundingClientRect();
    if (width <= 1 || one.closest(".table-scroll, .visually-hidden, .skip-link")) return false;
    return one.checkVisibility({ visibilityProperty: true }) && (left < -1 || right > innerWidth + 1);
}).map((one) => one.outerHTML.slice(0, 90))"""
# The panels of an open menu or dialog that aren't inside the screen.
CUT_OFF = """() => [
    ...document.querySelectorAll("details.menu[open] > :not(summary), dialog[open], :popover-open"),
].filter((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    const isFixed = getComputedStyle(one).position === "fixed";
    return left < -1 || right > innerWidth + 1 || (isFixed && (top < -1 || bottom > innerHeight + 1));
}).map((one) => one.className)"""
# Texts outside their card, and texts on top of each other, as far as they show.
SPILLS = """() => {
    const placed = [], faults = [];
    const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    for (let text; (text = texts.nextNode()); ) {
        const said = text.data.trim();
        const outer = [];
        for (let one = text.parentElement; one; one = one.parentElement) outer.push(one);
        const styles = outer.map((one) => getComputedStyle(one));
        if (!said || !outer[0].checkVisibility({ visibilityProperty: true })) continue;
        if (styles.some((one) => one.clipPath !== "none")) continue;
        const card = (outer[0].closest(".card, .row") ?? document.body).getBoundingClientRect();
        const clips = outer.filter((_, n) => styles[n].overflowX !== "visible");
        const windows = clips.map((one) => one.getBoundingClientRect());
        const range = document.createRange();
        range.selectNodeContents(text);
        for (const { left, right, top, bottom } of range.getClientRects()) {
            const box = {
                left: Math.max(left, ...windows.map((one) => one.left)),
                right: Math.min(right, ...windows.map((one) => one.right)),
                top: Math.max(top, ...windows.map((one) => one.top)),
                bottom: Math.min(bottom, ...windows.map((one) => one.bottom)),
            };
            if (box.right - box.left < 3 || box.bottom - box.top < 3) continue;
            if (box.left < card.left - 1 || box.right > card.right + 1) faults.push(said + " outside");
            for (const [other, its] of placed) {
                const across = Math.min(box.right, its.right) - Math.max(box.left, its.left);
                const down = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
                if (other !== said && across > 3 && down > (bottom - top) * 0.4) faults.push(said + " over " + other);
            }
            placed.push([said, box]);
        }
    }
    return faults;
}"""
# What can be used. A summary may also be a heading.
CONTROLS = """() => [...document.querySelectorAll("button, .btn, input, select, textarea, nav a:not([aria-current])")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 1)
    .map((one) => one.outerHTML.slice(0, 90))"""
