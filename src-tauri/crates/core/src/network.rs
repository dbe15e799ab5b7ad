//! The network as the core uses it: one client, and a ledger in the database of all it does.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use internflow_net::{Exchange, Ledger, Limits, Net};

use crate::Core;

/// Longest silence of a server whose model is at work, as on a machine without a graphics card.
const MODEL_IDLE: Duration = Duration::from_secs(600);

impl Core {
    /// The door to other machines; opened when it is first needed.
    pub(crate) fn net(&self) -> Result<Net> {
        if let Some(net) = self.net.get() {
            return Ok(net.clone());
        }
        let net = Net::new(self.ledger(), Limits::default())?;
        Ok(self.net.get_or_init(|| net).clone())
    }

    /// A door for work on a runtime of its own.
    pub(crate) fn own_net(&self) -> Result<Net> {
        Ok(Net::new(self.ledger(), Limits::default())?)
    }

    /// A door for answers of a large model, which may read for minutes before its first word. `plain` as in
    /// [`Net::plain_in_private_networks`].
    pub(crate) fn patient_net(&self, plain: bool) -> Result<Net> {
        let limits = Limits { connect: Duration::from_secs(10), idle: MODEL_IDLE, ..Limits::default() };
        let net = Net::new(self.ledger(), limits)?;
        Ok(if plain { net.plain_in_private_networks() } else { net })
    }

    /// Writes each exchange to the network ledger, in the order they end.
    fn ledger(&self) -> Ledger {
        let (store, signals) = (self.store.clone(), self.signals.clone());
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel::<Exchange>();
        tokio::spawn(async move {
            while let Some(exchange) = receiver.recv().await {
                let outcome =
                    exchange.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
                let (sent, received) = (exchange.bytes_sent as i64, exchange.bytes_received as i64);
                let at = exchange.started_at / 1000;
                if let Err(error) =
                    store.record_call(at, &exchange.host, &exchange.reason, sent, received, &outcome).await
                {
                    tracing::warn!(
                        error = format!("{error:#}"),
                        "an exchange is missing in the network ledger"
                    );
                }
                signals.happened();
            }
        });
        Arc::new(move |exchange| {
            // The receiver ends only with the runtime.
            let _ = sender.send(exchange);
        })
    }
}
