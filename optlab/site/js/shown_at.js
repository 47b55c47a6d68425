// Evaluated in a page by optlab/site/compared.py: goes to a state by the page's fragment, or by keys in a lab without a
// name, and gives what the figures of the lab then show, bit for bit.
async ([view, fragment, slot, stops]) => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const figures = () => [...view.querySelectorAll(".optlab-live .optlab-figure")].map((box) => box.optlabFigure.shown());
    if (fragment) location.hash = fragment;
    else [...view.querySelectorAll(".optlab-live .optlab-control")].forEach((control, k) => {
        const handle = control.querySelector(".noUi-handle"), select = control.querySelector("select");
        const press = (key) => handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        if (select) {
            select.selectedIndex = stops[k];
            select.dispatchEvent(new Event("change", { bubbles: true }));
        } else ["Home", ...Array(stops[k]).fill("ArrowRight")].forEach(press);
    });
    for (let patience = 600; patience > 0 && !figures().every((one) => one?.slot === slot); patience -= 1) await frame();
    const text = ({ buffer, byteOffset, byteLength }) => {
        let letters = "";
        for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) letters += String.fromCharCode(byte);
        return btoa(letters);
    };
    return figures().map((one) => (one?.slot === slot ? { numbers: text(one.frame.values), label: one.frame.label } : null));
}
