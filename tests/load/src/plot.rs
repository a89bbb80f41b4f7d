//! Curves as SVG: both axes logarithmic, so that what grows in step with something is a straight line that rises, and what
//! does not care is level. Does not know what it draws.

use std::fmt::Write;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 360.0;
/// Room for the labels: left, right, above and below.
const MARGINS: [f64; 4] = [64.0, 16.0, 40.0, 48.0];
/// Colours that are told apart without seeing red or green.
const COLORS: [&str; 4] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];

/// One curve.
#[derive(Debug)]
pub(crate) struct Curve {
    pub(crate) name: String,
    /// Both numbers are above 0.
    pub(crate) points: Vec<(f64, f64)>,
}

/// A picture of curves.
#[derive(Debug)]
pub(crate) struct Plot {
    pub(crate) title: String,
    pub(crate) x: String,
    pub(crate) y: String,
    pub(crate) curves: Vec<Curve>,
}

/// Powers of ten around some values.
#[derive(Clone, Copy)]
struct Decades {
    from: i32,
    to: i32,
}

impl Decades {
    fn around(values: impl Iterator<Item = f64>) -> Self {
        let (least, most) = values.fold((f64::INFINITY, 0.0_f64), |(least, most), value| {
            (least.min(value), most.max(value))
        });
        if most == 0.0 {
            return Self { from: 0, to: 1 };
        }
        let (from, to) = (least.log10().floor() as i32, most.log10().ceil() as i32);
        Self { from, to: to.max(from + 1) }
    }

    /// Where a value is, between 0 and 1.
    fn part(self, value: f64) -> f64 {
        (value.log10() - f64::from(self.from)) / f64::from(self.to - self.from)
    }
}

impl Plot {
    /// The picture; one without points is empty.
    pub(crate) fn svg(&self) -> String {
        let points = || self.curves.iter().flat_map(|curve| &curve.points);
        let axes = (
            Decades::around(points().map(|point| point.0)),
            Decades::around(points().map(|point| point.1)),
        );
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\" role=\"img\">\n\
             <title>{title}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
             <text x=\"{}\" y=\"20\" font-size=\"14\">{title}</text>\n",
            MARGINS[0],
            title = escaped(&self.title)
        );
        if points().next().is_some() {
            self.draw_grid(&mut svg, axes);
            for (number, curve) in self.curves.iter().enumerate() {
                draw_curve(&mut svg, axes, number, curve);
            }
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn draw_grid(&self, svg: &mut String, axes: (Decades, Decades)) {
        let [left, right, above, below] = MARGINS;
        let (end, floor) = (WIDTH - right, HEIGHT - below);
        let mut line = |x1: f64, y1: f64, x2: f64, y2: f64| {
            push(
                svg,
                format_args!("<path d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\" stroke=\"#ddd\"/>\n"),
            );
        };
        for power in axes.0.from..=axes.0.to {
            let (x, _) = place(axes, (10_f64.powi(power), 1.0));
            line(x, above, x, floor);
        }
        for power in axes.1.from..=axes.1.to {
            let (_, y) = place(axes, (1.0, 10_f64.powi(power)));
            line(left, y, end, y);
        }
        for power in axes.0.from..=axes.0.to {
            let (x, _) = place(axes, (10_f64.powi(power), 1.0));
            let y = floor + 16.0;
            push(
                svg,
                format_args!(
                    "<text x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\">{}</text>\n",
                    label(power)
                ),
            );
        }
        for power in axes.1.from..=axes.1.to {
            let (_, y) = place(axes, (1.0, 10_f64.powi(power)));
            let (x, y) = (left - 6.0, y + 4.0);
            push(
                svg,
                format_args!(
                    "<text x=\"{x}\" y=\"{y:.1}\" text-anchor=\"end\">{}</text>\n",
                    label(power)
                ),
            );
        }
        let (x, y) = ((left + end) / 2.0, HEIGHT - 12.0);
        push(
            svg,
            format_args!(
                "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{}</text>\n",
                escaped(&self.x)
            ),
        );
        push(
            svg,
            format_args!("<text x=\"{left}\" y=\"{}\">{}</text>\n", above - 6.0, escaped(&self.y)),
        );
    }
}

fn draw_curve(svg: &mut String, axes: (Decades, Decades), number: usize, curve: &Curve) {
    let color = COLORS[number % COLORS.len()];
    let places: Vec<_> = curve.points.iter().map(|&point| place(axes, point)).collect();
    let path: Vec<_> = places.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    push(
        svg,
        format_args!(
            "<path d=\"M{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>\n",
            path.join("L")
        ),
    );
    for (x, y) in &places {
        push(svg, format_args!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{color}\"/>\n"));
    }
    let (x, y) = (WIDTH - MARGINS[1], 20.0 + 16.0 * number as f64);
    push(
        svg,
        format_args!(
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\" fill=\"{color}\">{}</text>\n",
            escaped(&curve.name)
        ),
    );
}

fn place((x, y): (Decades, Decades), point: (f64, f64)) -> (f64, f64) {
    let [left, right, above, below] = MARGINS;
    (
        left + x.part(point.0) * (WIDTH - left - right),
        HEIGHT - below - y.part(point.1) * (HEIGHT - above - below),
    )
}

/// A power of ten as people write it.
fn label(power: i32) -> String {
    match power {
        9.. => format!("{} G", 10_i64.pow(power as u32 - 9)),
        6..=8 => format!("{} M", 10_i64.pow(power as u32 - 6)),
        3..=5 => format!("{} k", 10_i64.pow(power as u32 - 3)),
        0..=2 => 10_i64.pow(power as u32).to_string(),
        _ => format!("{}", 10_f64.powi(power)),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn push(svg: &mut String, words: std::fmt::Arguments<'_>) {
    // A string takes everything.
    let _ = svg.write_fmt(words);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(points: Vec<(f64, f64)>) -> Plot {
        let curves = vec![Curve { name: "a < b".into(), points }];
        Plot { title: "steps".into(), x: "walkers".into(), y: "µs".into(), curves }
    }

    #[test]
    fn what_grows_tenfold_with_something_is_as_far_up_as_along() {
        let axes = (Decades { from: 0, to: 2 }, Decades { from: 0, to: 2 });
        let [(x1, y1), (x2, y2), (x3, y3)] = [1.0, 10.0, 100.0].map(|n| place(axes, (n, n)));
        assert!((x3 - x2 - (x2 - x1)).abs() < 1e-9 && (y1 - y2 - (y2 - y3)).abs() < 1e-9);
        assert_eq!((x1, y3), (MARGINS[0], MARGINS[2]));
    }

    #[test]
    fn names_do_not_become_markup_and_no_points_no_curves() {
        let svg = plot(vec![(1.0, 2.0), (1_000.0, 30.0)]).svg();
        assert!(svg.contains("a &lt; b") && svg.contains("1 k") && svg.ends_with("</svg>\n"));
        assert!(!plot(Vec::new()).svg().contains("<path"));
    }
}
