// Evaluated at the top of a page by optlab/site/crowded.py: says what is cut off, and what lies over something else.
() => {
    const ROOM = 2; // pixels that a box may reach out of another, or into it
    const LINE = 0.35; // of a line's height that another line may take: letters have room above and below
    // What lies over the page on purpose, is read aloud only, or is a formula, whose letters have boxes of their own.
    const APART = ".katex, .optlab-spoken, .visually-hidden, .skip-link, noscript, script, style, option, dialog:not([open]), .bd-header-article, .bd-sidebar";
    const found = new Set();
    const seen = (part) => !part.closest(APART) && part.checkVisibility({ opacityProperty: true, visibilityProperty: true })
        && !part.closest("details:not([open]) > :not(summary)") && !(part.localName === "details" && !part.open);
    const named = (part) => [part.localName, ...part.classList].join(".");
    const short = (text) => JSON.stringify(text.trim().replace(/\s+/g, " ").slice(0, 40));
    const ancestors = function* (part) { for (let one = part; one; one = one.parentElement) yield one; };

    const wide = document.documentElement.scrollWidth;
    if (wide > innerWidth) found.add(`the page is ${wide} px wide, its window ${innerWidth}`);

    const all = [];
    const put = (part, { left, right, top, bottom }, text, slack) => {
        if (right > left && bottom > top) all.push({ part, left, right, top, bottom, text, slack });
    };
    // A line of text, or what can be seen of it where it scrolls.
    const putLine = (part, { left, right, top, bottom }, text) => {
        const box = { left, right, top, bottom }, button = part.closest("button"), around = button?.getBoundingClientRect();
        if (around && (top < around.top - ROOM || bottom > around.bottom + ROOM)) found.add(`${text} is higher than ${named(button)}`);
        for (const one of ancestors(part)) {
            const { display, overflowX } = getComputedStyle(one), frame = one.getBoundingClientRect();
            if (display === "inline" || overflowX === "visible") continue;
            if (/auto|scroll/.test(overflowX)) {
                for (const side of ["left", "top"]) box[side] = Math.max(box[side], frame[side]);
                for (const side of ["right", "bottom"]) box[side] = Math.min(box[side], frame[side]);
            } else if (box.left < frame.left - ROOM || box.right > frame.right + ROOM) found.add(`${text} is cut off by ${named(one)}`);
        }
        put(part, box, text, LINE * (bottom - top));
    };
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
    while (walk.nextNode()) {
        const { currentNode: { data, parentElement: part } } = walk;
        if (!data.trim() || !seen(part)) continue;
        range.selectNodeContents(walk.currentNode);
        for (const box of range.getClientRects()) putLine(part, box, short(data));
    }
    for (const part of document.querySelectorAll("button, input, select, .optlab-badge, canvas[role=img]")) {
        if (seen(part)) put(part, part.getBoundingClientRect(), named(part), ROOM);
    }
    // A figure lays out its own words, a form and a label their own parts.
    const OWN = ".optlab-figure, form, label";
    const belong = (a, b) => a.contains(b) || b.contains(a) || Boolean(a.closest(OWN)?.contains(b));
    const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > ROOM
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > Math.min(a.slack, b.slack);
    all.sort((a, b) => a.top - b.top).forEach((one, k) => {
        for (let j = k + 1; j < all.length && all[j].top < one.bottom; j += 1) {
            if (over(one, all[j]) && !belong(one.part, all[j].part)) found.add(`${one.text} lies over ${all[j].text}`);
        }
    });

    const pen = new OffscreenCanvas(1, 1).getContext("2d");
    for (const list of document.querySelectorAll("select")) {
        const { font, paddingLeft, paddingRight } = getComputedStyle(list);
        pen.font = font;
        const words = Math.max(...[...list.options].map(({ text }) => pen.measureText(text).width));
        const room = list.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
        if (seen(list) && words > room + ROOM) found.add(`a list's words need ${Math.ceil(words)} px and have ${Math.floor(room)}: ${short(list.value)}`);
    }
    return [...found];
}
