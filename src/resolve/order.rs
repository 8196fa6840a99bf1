//! In which order to read what shows one another.
//!
//! In: for each of some things, which of the others it shows. Out: an order in which each comes after all that it shows, but for those that lead in
//! a circle: there is none for them.

/// An order; things are named by their positions.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Order {
    /// Those that lead into no circle.
    pub first: Vec<usize>,
    /// Those in a circle, or between two.
    pub circles: Vec<usize>,
    /// Those that lead into one.
    pub last: Vec<usize>,
}

impl Order {
    pub(super) fn of(shown: &[Vec<usize>]) -> Self {
        let mut shown_by: Vec<Vec<usize>> = vec![Vec::new(); shown.len()];
        for (at, others) in shown.iter().enumerate() {
            for other in others {
                shown_by[*other].push(at);
            }
        }
        let mut waiting: Vec<usize> = shown.iter().map(Vec::len).collect();
        let first = taken_away(&mut waiting, &shown_by);
        // What is taken away waits for nothing; what is left is taken away again from the other end.
        let is_left: Vec<bool> = waiting.iter().map(|waiting| *waiting > 0).collect();
        let left = |at: &usize| is_left[*at];
        let of_left = |at: usize| if is_left[at] { shown_by[at].iter().copied().filter(left).count() } else { usize::MAX };
        let mut waiting: Vec<usize> = (0..shown.len()).map(of_left).collect();
        let mut last = taken_away(&mut waiting, shown);
        last.reverse();
        let circles = (0..shown.len()).filter(|at| is_left[*at] && waiting[*at] > 0).collect();
        Self { first, circles, last }
    }
}

/// Takes away what waits for nothing, and then what waited for that, in this order; `waited_by` says who waits for each.
fn taken_away(waiting: &mut [usize], waited_by: &[Vec<usize>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..waiting.len()).filter(|at| waiting[*at] == 0).collect();
    let mut next = 0;
    while let Some(at) = order.get(next).copied() {
        next += 1;
        for by in &waited_by[at] {
            waiting[*by] -= 1;
            if waiting[*by] == 0 {
                order.push(*by);
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_comes_first() {
        let order = Order { first: vec![2, 1, 0], circles: vec![], last: vec![] };
        assert_eq!(Order::of(&[vec![1, 2, 2], vec![2], vec![]]), order);
    }

    #[test]
    fn circles_have_no_order_and_come_before_what_leads_into_them() {
        let order = Order { first: vec![3], circles: vec![1, 2, 4], last: vec![5, 0] };
        assert_eq!(Order::of(&[vec![1, 5], vec![2, 3], vec![1], vec![], vec![4], vec![4, 4]]), order);
    }
}
