"""The fields of each kind of file, and the names their columns go by in English, Czech, German and Spanish."""

from __future__ import annotations

from typing import Final

from artui.io.importers.columns import Synonyms

_CURRENCY: Final = "currency currencycode curr ccy wahrung waehrung mena moneda divisa"
_TERMS: Final = (
    "terms paymentterms termscode zahlungsbedingungen zahlungsbedingung platebnipodminky condicionespago"
)
_TAX: Final = "tax taxamount vatamount vat salestax gst mwst ust steuer steuerbetrag dph iva"
_DATE: Final = (
    "date invoicedate documentdate docdate billdate issuedate issued issuedon orderdate rechnungsdatum belegdatum"
    " datumvystaveni fechafactura fechaemision datum fecha"
)
_DUE: Final = (
    "due duedate dueon paymentdue paymentduedate falligkeit faelligkeit falligam faelligam falligkeitsdatum"
    " datumsplatnosti splatnost fechavencimiento vencimiento"
)
_AMOUNT: Final = (
    "amount invoiceamount totalamount grandtotal grossamount gross invoicetotal total bruttobetrag rechnungsbetrag"
    " gesamtbetrag betrag summe castkacelkem celkem castka importetotal importe monto"
)
_NUMBER: Final = (
    "number invoicenumber invoiceno invoicenr invoiceid documentnumber documentno docno docnumber billno billnumber"
    " orderid ordernumber orderno invoice rechnungsnummer rechnungsnr belegnummer rechnung cislofaktury cislodokladu"
    " faktura numerofactura numerodefactura nofactura factura no nr id cislo numero"
)
_CUSTOMER: Final = (
    "customernumber customerno customerid customercode custid custno accountnumber accountno accountid accountcode"
    " clientid clientnumber clientcode debtornumber debtorno kundennummer kundennr debitorennummer cislozakaznika"
    " cisloodberatele numerocliente codigocliente customer account debtor client kunde debitor zakaznik odberatel cliente"
)
_CUSTOMER_NAME: Final = (
    "customername companyname clientname debtorname accountname company name kundenname firma nazevzakaznika"
    " nazevodberatele nazev nombrecliente razonsocial nombre customer client"
)
_VENDOR: Final = (
    "vendornumber vendorno vendorid vendorcode suppliernumber supplierno supplierid suppliercode lieferantennummer"
    " lieferantennr kreditorennummer cislododavatele numeroproveedor codigoproveedor vendor supplier lieferant kreditor"
    " dodavatel proveedor"
)
_VENDOR_NAME: Final = (
    "vendorname suppliername companyname company name lieferantenname firma nazevdodavatele nazev nombreproveedor"
    " razonsocial nombre vendor supplier"
)

INVOICES: Final[Synonyms] = {
    "number": _NUMBER,
    "customer": _CUSTOMER,
    "customer_name": _CUSTOMER_NAME,
    "date": _DATE,
    "posting_date": "postingdate postedon posteddate gldate buchungsdatum datumuctovani fechacontable",
    "due": _DUE,
    "terms": _TERMS,
    "amount": _AMOUNT,
    "tax": _TAX,
    "currency": _CURRENCY,
    "po": "po ponumber pono purchaseorder purchaseordernumber customerpo bestellnummer cisloobjednavky ordencompra",
    "kind": "kind documentkind documenttype doctype invoicetype type belegart typ tipo",
    "open_amount": "openamount",
    "settled": "settled settledon settleddate datesettled paidon paiddate datepaid paymentdate bezahltam datumuhrady fechapago",
    "disputed": "disputed indispute isdisputed dispute strittig sporne sporny endisputa",
}

LINES: Final[Synonyms] = {
    "number": _NUMBER,
    "item": (
        "item itemnumber itemno itemid itemcode productid productnumber productcode product sku articleno article"
        " artikelnummer artikelnr artikel cislozbozi zbozi polozka codigoarticulo articulo producto"
    ),
    "description": "description itemdescription desc text bezeichnung beschreibung popis nazev descripcion",
    "quantity": "quantity qty units count menge anzahl mnozstvi pocet cantidad",
    "unit_price": "unitprice price priceperunit rate einzelpreis preis jednotkovacena cena preciounitario precio",
    "discount": "discount discountfraction discountrate",
    "discount_percent": "discountpercent discountpct percentdiscount rabattpercent rabatt slevapercent sleva",
    "tax_code": "taxcode vatcode taxrate steuerschlussel kodddph sazbadph codigoiva",
}

PURCHASES: Final[Synonyms] = {
    "number": _NUMBER,
    "vendor": _VENDOR,
    "vendor_name": _VENDOR_NAME,
    "date": _DATE + " purchasedate",
    "posting_date": INVOICES["posting_date"],
    "due": _DUE,
    "terms": _TERMS,
    "amount": _AMOUNT,
    "tax": _TAX,
    "currency": _CURRENCY,
    "po": INVOICES["po"],
    "open_amount": "openamount",
    "settled": INVOICES["settled"],
}

RECEIPTS: Final[Synonyms] = {
    "number": "number receiptnumber receiptno receiptid paymentnumber paymentno paymentid transactionid belegnummer cislodokladu no nr id cislo",
    "customer": _CUSTOMER,
    "date": "date receiptdate paymentdate receivedon received datereceived valuedate paidon zahlungsdatum datumplatby fechapago datum fecha",
    "amount": _AMOUNT + " receiptamount paymentamount paid",
    "currency": _CURRENCY,
    "method": "method paymentmethod receiptmethod paymenttype zahlungsart zpusobplatby metodo formapago",
    "reference": "reference ref chequenumber chequeno checknumber checkno cheque check verwendungszweck variabilnisymbol referencia",
    "invoice": "invoice invoices invoicenumber invoiceno invoiceid document pays rechnung rechnungsnummer faktura cislofaktury factura",
}

_PLACE: Final[Synonyms] = {
    "address": "address streetaddress street addressline1 address1 billingaddress adresse strasse anschrift adresa ulice direccion calle",
    "city": "city town ort stadt mesto obec ciudad",
    "region": "region state province county bundesland kraj provincia",
    "postcode": "postcode postalcode zipcode zip postal plz psc codigopostal",
}
_REACHED: Final[Synonyms] = {
    "phone": "phone phonenumber telephone telephonenumber tel telefon telefonnummer telefono",
    "mobile": "mobile mobilephone mobilenumber cell cellphone handy mobil movil",
    "fax": "fax faxnumber telefax",
    "email": "email emailaddress mail emailadresse correo correoelectronico",
}


def _parties(number: str, name: str) -> Synonyms:
    return {
        "number": f"number {number} accountnumber accountno code no nr id cislo numero codigo",
        "name": f"name {name}",
        "legal_name": "legalname registeredname officialname",
        "tax_id": "taxid vatid vatnumber vatno vatregno taxnumber tin ustid ustidnr umsatzsteuerid steuernummer dic nif cif",
        "registration_no": "registrationno registrationnumber regno companynumber companyregno handelsregister ico",
        "language": "language languagecode lang sprache jazyk idioma",
        "country": "country countrycode countryname land staat zeme stat pais",
        "timezone": "timezone tz zeitzone casovepasmo",
        "parent": "parent parentnumber parentaccount parentcustomer headoffice group konzern materska",
        "currency": _CURRENCY,
        "terms": _TERMS,
        "credit_limit": "creditlimit kreditlimit uverovylimit limitecredito",
        "collector": "collector collectedby inkasso",
        "note": "note notes remark remarks comment comments bemerkung poznamka nota notas",
        "opened_on": "openedon opened opendate customersince since created createdon",
        **_PLACE,
        "contact": "contact contactname contactperson ansprechpartner kontaktniosoba kontakt contacto",
        "contact_title": "contacttitle jobtitle position title funktion funkce cargo",
        **_REACHED,
        "web": "web website homepage url internet www",
    }


CUSTOMERS: Final[Synonyms] = _parties(_CUSTOMER, _CUSTOMER_NAME)
VENDORS: Final[Synonyms] = _parties(_VENDOR, _VENDOR_NAME)

ITEMS: Final[Synonyms] = {
    "number": "number itemnumber itemno itemid itemcode productid productnumber productcode sku articleno artikelnummer artikelnr cislozbozi code no nr id cislo numero codigo",
    "description": "description itemdescription desc itemname productname product name bezeichnung beschreibung popis nazev descripcion nombre",
    "unit": "unit unitofmeasure uom quantityperunit einheit jednotka unidad",
    "unit_price": "unitprice price listprice salesprice einzelpreis preis cena precio preciounitario",
    "currency": _CURRENCY,
    "tax_code": "taxcode vatcode steuerschlussel sazbadph codigoiva",
}

CONTACTS: Final[Synonyms] = {
    "account": f"account accountnumber {_CUSTOMER} {_VENDOR} number",
    "account_kind": "accountkind accounttype",
    "name": "name contactname contact fullname person contactperson ansprechpartner kontaktniosoba kontakt jmeno nombre contacto",
    "title": "title jobtitle position funktion funkce cargo",
    "purpose": "purpose role department zweck ucel",
    **_REACHED,
    "web": "web website homepage url",
    "type": "type channel",
    "value": "value contactvalue",
    "preferred": "preferred primary main default",
}
